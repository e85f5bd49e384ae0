"""What these tests share."""

from tests.pipeline.flow_builders import card, desk, workers

__all__ = ["card", "desk", "workers"]
