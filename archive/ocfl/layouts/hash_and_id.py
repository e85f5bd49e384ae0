"""OCFL extension 0003-hash-and-id-n-tuple-storage-layout: three folders from the sha256 of the id, then the id itself, percent-encoded.

The folder's name still says which object it holds when all software is gone. Roots of ours have the extension's defaults:
sha256, three tuples of three characters; an encoded id longer than 100 characters is cut there and gets ``-`` and the whole digest.
"""

import hashlib
import re
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

from archive.ocfl.layouts.parameters import Folder, hashed_folders

NAME = "0003-hash-and-id-n-tuple-storage-layout"
DESCRIPTION = "Hashed n-tuple trees with the object id as the name of the object's folder."
CONFIG = {"extensionName": NAME, "digestAlgorithm": "sha256", "tupleSize": 3, "numberOfTuples": 3}
TUPLES = 3
_TUPLE_SIZE = 3
_LONGEST = 100
_UNSAFE = re.compile(rb"[^A-Za-z0-9_-]")


def object_folder(object_id: str) -> str:
    """The folder of an object, relative to a storage root of ours."""
    digest = hashlib.sha256(object_id.encode()).hexdigest()
    tuples = (digest[start : start + _TUPLE_SIZE] for start in range(0, TUPLES * _TUPLE_SIZE, _TUPLE_SIZE))
    return "/".join((*tuples, _name(object_id, digest)))


def configured(config: Mapping[str, object]) -> Folder:
    """The mapping with the parameters of any root.

    Raises:
        ValueError: parameters that the extension does not allow.
    """
    folders = hashed_folders(config)

    def folder(object_id: str) -> str:
        digest, tuples = folders(object_id)
        return "/".join((*tuples, _name(object_id, digest)))

    return folder


def object_id(name: str) -> str | None:
    """The id of the object whose folder has this name, or None where the name was cut and only the inventory knows."""
    if len(name) > _LONGEST:
        return None
    try:
        return unquote_to_bytes(name).decode()
    except UnicodeDecodeError:
        return None


def _name(object_id: str, digest: str) -> str:
    encoded = _UNSAFE.sub(lambda match: b"%%%02x" % match[0][0], object_id.encode()).decode("ascii")
    return encoded if len(encoded) <= _LONGEST else f"{encoded[:_LONGEST]}-{digest}"
