"""Where objects lie below a storage root. A layout is a file here and a line in LAYOUTS."""

from archive.ocfl.layouts import hash_and_id

LAYOUTS = {hash_and_id.NAME: hash_and_id}
