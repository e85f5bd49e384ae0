"""OCFL extension 0006-flat-omit-prefix-storage-layout: what follows the last delimiter in the id names the object's folder."""

from collections.abc import Mapping

from archive.ocfl.layouts.parameters import Folder, without_prefix

NAME = "0006-flat-omit-prefix-storage-layout"


def configured(config: Mapping[str, object]) -> Folder:
    """The mapping with these parameters.

    Raises:
        ValueError: no delimiter; this extension has no default.
    """
    return without_prefix(config, "")
