"""OCFL extension 0002-flat-direct-storage-layout: the id is the name of the object's folder, directly below the root."""

from collections.abc import Mapping

from archive.ocfl.layouts.parameters import Folder

NAME = "0002-flat-direct-storage-layout"


def configured(_config: Mapping[str, object]) -> Folder:
    """The mapping; this layout has no parameters."""
    return str
