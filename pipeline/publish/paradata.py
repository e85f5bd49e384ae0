"""Paradata: how a public asset was made and what it stands on, each statement with where it was read.

After the London Charter (2009), principles 3 and 4: of a reconstruction its sources are named, or it is said that they are not. What is
left out:

- what nobody stated: nothing is concluded from the kind of a file;
- positions, file names and cells: a source is told by its kind ("sheet", "exif"), never by its place;
- where the place may not be shown, words that came out of a scan's header: whoever wrote them may have meant nobody else.
"""

from collections.abc import Iterator

from archive.records.asset import Asset, Nature, SourcedValue
from archive.records.publication import PublicFact
from archive.records.text import Language, LocalText

WORDED = ("method", "processing", "conditions", "sources")
"""Stated in words, by language."""
NAMED = ("camera", "device", "lens", "software", "accuracy")
"""Names and figures, the same in every language."""
CODED = ("unit",)
"""Values for which pages have words."""
SOURCES_NOT_GIVEN = "sources_not_given"
"""A statement by itself, without a value: of a reconstruction nobody said what it stands on."""
NAMES = (*WORDED, *NAMED, *CODED, "operator", "captured", "stations", SOURCES_NOT_GIVEN)
ORIGINS = ("record", "sheet", "edit", "exif", "xmp", "folder", "file")
"""Kinds of source. ``record``: stated when the asset was archived; ``file``: a header inside the file."""
CERTAINTIES = ("stated", "assumed", "unverified", "declared", "computed", "instrument-clock", "conflicting", "doubtful")
_ORDER = ("captured", "operator", "method", *NAMED, "unit", "stations", "conditions", "processing", "sources", SOURCES_NOT_GIVEN)


def paradata_of(asset: Asset, *, place_is_public: bool) -> tuple[PublicFact, ...]:
    """All that may be said of how an asset came about, in the order in which it is read.

    Args:
        asset: the archived record of an asset that is shown whole.
        place_is_public: whether its location may be shown.
    """
    found = {fact.name: fact for fact in (*_stated(asset, place_is_public=place_is_public), *_measured(asset))}
    if asset.nature is Nature.RECONSTRUCTION and "sources" not in found:
        found[SOURCES_NOT_GIVEN] = PublicFact(SOURCES_NOT_GIVEN, LocalText())
    return tuple(found[name] for name in _ORDER if name in found)


def _stated(asset: Asset, *, place_is_public: bool) -> Iterator[PublicFact]:
    if asset.creator:
        yield PublicFact("operator", everywhere(asset.creator), "record")
    if asset.captured is not None:
        yield _fact("captured", everywhere(str(asset.captured.value)), asset.captured)
    for name in WORDED:
        stated = {language: asset.facts[f"{name}@{language}"] for language in Language if f"{name}@{language}" in asset.facts}
        if stated:
            words = LocalText(**{language.value: _clean(str(one.value)) for language, one in stated.items()})
            yield _fact(name, words, next(iter(stated.values())))
    for name in (*NAMED, *CODED):
        one = asset.facts.get(name)
        if one is not None and one.value and (place_is_public or origin_of(one.source) != "file"):
            yield _fact(name, everywhere(str(one.value)), one)


def _measured(asset: Asset) -> Iterator[PublicFact]:
    stations = asset.facts.get("stations")
    if stations is not None and isinstance(stations.value, list) and stations.value:
        yield _fact("stations", everywhere(str(len(stations.value))), stations)


def _fact(name: str, value: LocalText, read: SourcedValue) -> PublicFact:
    return PublicFact(name, value, origin_of(read.source), read.certainty if read.certainty in CERTAINTIES else "")


def origin_of(source: str) -> str:
    """The kind of a source ("sheet:list.xlsx!C4" → "sheet"): which file and cell it was is nobody's business but the archive's."""
    kind = source.partition(":")[0]
    return kind if kind in ORIGINS else "file"


def everywhere(text: str) -> LocalText:
    """A name or figure that is the same in every language."""
    return LocalText(*[_clean(text)] * len(Language))


def _clean(text: str) -> str:
    """The text with "?" for bytes that were no UTF-8 where it was read."""
    return text.encode("utf-8", "replace").decode("utf-8")
