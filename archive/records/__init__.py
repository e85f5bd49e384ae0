"""Frozen types that describe the material. No input or output happens here."""
