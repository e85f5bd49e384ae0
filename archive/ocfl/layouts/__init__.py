"""Where objects lie below a storage root. A layout is a file here and a line in LAYOUTS."""

from collections.abc import Callable, Mapping

from archive.ocfl.layouts import flat, flat_omit_prefix, hash_and_id, hashed, tuple_omit_prefix
from archive.ocfl.layouts.parameters import Folder

LAYOUTS: dict[str, Callable[[Mapping[str, object]], Folder]] = {
    layout.NAME: layout.configured for layout in (flat, hash_and_id, hashed, flat_omit_prefix, tuple_omit_prefix)
}
"""name of the extension → reader of its ``config.json``, which gives the mapping from ids to folders"""
