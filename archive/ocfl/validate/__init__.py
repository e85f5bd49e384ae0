"""Judges OCFL objects and storage roots, ours or not, by every rule of the specification (https://ocfl.io/1.1/spec/), 1.0 and 1.1.

Rules are in the modules named after what they judge; ``object_rules`` and ``root_rules`` call them in order. Every rule writes what it
finds into ``Notes``. Nothing is written to disk, no link is followed, whatever the bytes are. Rules that bind validators or writers and
cannot be broken by an object (E022, E027, E028, E062, E087) have no finding.
"""

from archive.ocfl.validate.findings import OcflFinding, Validation
from archive.ocfl.validate.path import require_folder, validate_path

__all__ = ["OcflFinding", "Validation", "require_folder", "validate_path"]
