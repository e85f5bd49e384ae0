"""What the names of folders say: a day of capture where a folder is named for one. Nothing else is read into a name."""

import re
from datetime import date

from archive.records.asset import SourcedValue
from pipeline.sip import Description

_DAY = re.compile(r"(?<!\d)(\d{4})[-_. ]?(\d{2})[-_. ]?(\d{2})(?!\d)")
_VIETNAMESE_DAY = re.compile(r"(?<!\d)(\d{1,2})[-_.](\d{1,2})[-_.](\d{4})(?!\d)")


def folder_description(path: str) -> Description | None:
    """The nearest folder above ``path`` that names a day, as a description; None where there is none."""
    folders = path.split("/")[:-1]
    for folder in reversed(folders):
        if day := _day(folder):
            value = SourcedValue(day.isoformat(), f"folder:{folder}", "assumed")
            return Description("folder", path, {"folder": folder}, {"captured": value})
    return None


def _day(folder: str) -> date | None:
    for pattern, order in ((_DAY, (1, 2, 3)), (_VIETNAMESE_DAY, (3, 2, 1))):
        if match := pattern.search(folder):
            try:
                return date(*(int(match[group]) for group in order))
            except ValueError:
                continue
    return None
