"""OCFL extension 0004-hashed-n-tuple-storage-layout: folders from the digest of the id, the last one named by the digest or its rest."""

from collections.abc import Mapping

from archive.ocfl.layouts.parameters import Folder, flag, hashed_folders

NAME = "0004-hashed-n-tuple-storage-layout"


def configured(config: Mapping[str, object]) -> Folder:
    """The mapping with these parameters.

    Raises:
        ValueError: parameters that the extension does not allow.
    """
    folders, short = hashed_folders(config), flag(config, "shortObjectRoot")
    digest, tuples = folders("")
    if short and len("".join(tuples)) == len(digest):
        raise ValueError("shortObjectRoot leaves nothing for the object's folder")

    def folder(object_id: str) -> str:
        digest, tuples = folders(object_id)
        return "/".join((*tuples, digest[len("".join(tuples)) :] if short else digest))

    return folder
