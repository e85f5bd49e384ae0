"""The whole model: house, altar, yard and garden in one mesh."""

import numpy as np

from pipeline.rehearsal.altar import build_altar
from pipeline.rehearsal.courtyard import build_courtyard
from pipeline.rehearsal.garden import build_garden
from pipeline.rehearsal.house import build_house
from pipeline.rehearsal.mesher import Mesh, Mesher


def build_model(seed: int) -> Mesh:
    """The model communal house and its yard; plants differ with ``seed``."""
    mesher = Mesher()
    build_house(mesher)
    build_altar(mesher)
    build_courtyard(mesher)
    build_garden(mesher, np.random.default_rng(seed))
    return mesher.finish()
