"""A site's working copy on disk: ``site.toml``, ``tour.toml``, ``annotations.json``, ``texts/<lang>/<name>.md``, drawings and narrations.

A folder is a working copy only: the archived version in the site's OCFL object is the truth. ``load`` validates a folder and turns
it into records; what is wrong is said with the file and the field. One module a file: ``site_file``, ``tour_file``,
``annotation_page``, ``drawing``, ``recording``, ``captions``; ``notes`` says what is no fault and yet hardly meant.
"""

from pipeline.site_definition.folder import SiteDefinition, load
from pipeline.site_definition.notes import Note, Place, mentions, notes_on, plain
from pipeline.site_definition.toml_model import FILE_REFERENCE, reference

__all__ = ["FILE_REFERENCE", "Note", "Place", "SiteDefinition", "load", "mentions", "notes_on", "plain", "reference"]
