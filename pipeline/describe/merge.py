"""Merge what the sources say of one asset: one value a field, by precedence, its source kept with it.

Precedence: sheet, sidecar XMP, embedded XMP, EXIF, file header, folder name, the deposit's options, the site's defaults. What was measured
in the bytes (pixels, points, triangles) beats what a tag declares about them. What is left out: judging the values (that is ``check``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from archive.findings import Finding
from archive.records.asset import AssetKind, FileRole, GeoPosition, SourcedValue
from archive.records.text import LocalText
from pipeline.describe.words import READERS_DISAGREE
from pipeline.sip import CandidateAsset, Description

MEASURED = frozenset({"width", "height", "points", "triangles", "vertices", "bounds", "stations", "textures", "pages", "duration"})
COMPARED = frozenset({"width", "height", "orientation", "captured", "points"})
_RANKS = {"sheet": 0, "xmp": 2, "exif": 3, "folder": 7}
_SIDECAR_RANK = 1
_HEADER_RANK = 4
_POSITION = ("latitude", "longitude", "altitude")
_NOT_FACTS = frozenset(
    {"creator", "captured", "rights", "rights_holder", "credit", "subject", "access", "location_access", "nature", "replaces", "position"}
    | {"latitude", "longitude", "altitude", "ark", "file", "title", "description"}
    | {f"{field}@{language}" for field in ("title", "description") for language in ("vi", "en", "th")}
)


@dataclass(frozen=True, slots=True)
class Merged:
    """The chosen value of every field of one asset, and the other sources' values in order of precedence."""

    values: Mapping[str, SourcedValue]

    def get(self, field: str) -> SourcedValue | None:
        """The value of a field with its source, or None."""
        return self.values.get(field)

    def text(self, field: str) -> str:
        """The value of a field as text, "" where nobody says anything."""
        found = self.values.get(field)
        return "" if found is None or found.value is None else str(found.value).strip()

    def words(self, field: str) -> LocalText:
        """The words of a field by language. Words without a stated language are kept as a fact, not guessed into one."""
        return LocalText(*(self.text(f"{field}@{language}") or None for language in ("vi", "en", "th")))

    def facts(self) -> dict[str, SourcedValue]:
        """Everything that is not a field of the record itself."""
        facts = {name: value for name, value in self.values.items() if name not in _NOT_FACTS}
        for field in ("title", "description"):
            if field in self.values and not any(f"{field}@{code}" in self.values for code in ("vi", "en", "th")):
                facts[f"{field}_as_read"] = self.values[field]
        return facts

    def position(self) -> GeoPosition | None:
        """WGS84 position from whichever source comes first, None without one."""
        whole = self.values.get("position")
        if whole is not None and isinstance(whole.value, GeoPosition):
            return whole.value
        numbers = {field: _number(self.values.get(field)) for field in (*_POSITION, "heading")}
        latitude, longitude = numbers["latitude"], numbers["longitude"]
        if latitude is None or longitude is None:
            return None
        return GeoPosition(latitude, longitude, numbers["altitude"], numbers["heading"], self.values["latitude"].source)


def merge(candidate: CandidateAsset, descriptions: Iterable[Description]) -> tuple[Merged, tuple[Finding, ...]]:
    """The chosen values of an asset, and a note wherever two readers of the same file differ.

    Companions of a photo speak for it too (the JPEG beside a RAW), after everything else; textures do not speak for their model.
    """
    ranked = sorted(_speaking(candidate, descriptions), key=lambda pair: pair[0])
    values: dict[str, SourcedValue] = {}
    measured: set[str] = set()
    for _, one in ranked:
        for name, value in one.values.items():
            header = one.source not in _RANKS
            if name not in values or (name in MEASURED and header and name not in measured):
                values[name] = value
            if name in MEASURED and header:
                measured.add(name)
    return Merged(values), tuple(_disagreements(one for _, one in ranked))


def _speaking(candidate: CandidateAsset, descriptions: Iterable[Description]) -> list[tuple[int, Description]]:
    roles = {file.file.path: role for file, role in candidate.members}
    roles[candidate.principal.file.path] = FileRole.PRINCIPAL
    ranked = []
    for one in descriptions:
        role = FileRole.SIDECAR if one.source == "sheet" else roles.get(one.path)
        if role is None or (role is FileRole.COMPANION and candidate.kind is not AssetKind.PHOTO):
            continue
        ranked.append((_rank(one, role), one))
    return ranked


def _rank(one: Description, role: FileRole) -> int:
    rank = _RANKS.get(one.source, _HEADER_RANK)
    if role is FileRole.SIDECAR and one.source != "sheet":
        return _SIDECAR_RANK
    return rank + 10 if role is FileRole.COMPANION else rank


def _disagreements(descriptions: Iterable[Description]) -> Iterable[Finding]:
    first: dict[tuple[str, str], SourcedValue] = {}
    for one in descriptions:
        if one.source in {"sheet", "xmp", "folder"}:
            continue
        for name in sorted(COMPARED & one.values.keys()):
            value = one.values[name]
            earlier = first.setdefault((one.path, name), value)
            if not _agree(earlier.value, value.value):
                detail = f"{earlier.source}: {earlier.value!r}; {value.source}: {value.value!r}"
                yield READERS_DISAGREE.finding(one.path, detail, field=name, one=earlier.value, other=value.value)


def _agree(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        # One reader may know the second, the zone or only the day: a shorter statement of the same moment agrees.
        return one.startswith(other) or other.startswith(one)
    return bool(one == other)


def _number(value: SourcedValue | None) -> float | None:
    try:
        return None if value is None or value.value is None else float(str(value.value).replace(",", "."))
    except ValueError:
        return None
