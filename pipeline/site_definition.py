"""A site's working copy on disk: ``site.toml``, ``tour.toml``, ``texts/<lang>/<name>.md`` and ``plan.svg``.

A folder is a working copy only: the archived version in the site's OCFL object is the truth. ``load`` validates a folder and turns
it into records; what is wrong is said with the file and the field, all of it at once. In ``tour.toml`` a panorama is named by its ARK
or by the file name it was delivered under; names are resolved when the tour is published, so a tour can be written before the ingest.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from archive.errors import UsageError
from archive.records.access import AccessDecision, AccessLevel, Rights
from archive.records.asset import Nature
from archive.records.site import Coordinates, Fact, Site, SiteDefaults
from archive.records.text import Language, LocalText
from archive.records.tour import Hotspot, Scene, SceneLink, Tour, View

MAX_FILE = 4 << 20
MAX_FILES = 500
COMPASS = ("north", "east", "south", "west")
FILE_REFERENCE = "file:"


Model = TypeVar("Model", bound=BaseModel)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Words(_Strict):
    vi: str | None = None
    en: str | None = None
    th: str | None = None

    def record(self) -> LocalText:
        return LocalText(self.vi, self.en, self.th)


class _Fact(_Strict):
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    value: _Words = _Words()
    source: str = ""
    certainty: Literal["A", "B", "C", "?", ""] = ""
    valid_from: str = ""
    valid_to: str = ""
    note: _Words = _Words()
    access: AccessLevel = AccessLevel.PUBLIC


class _Coordinates(_Strict):
    status: str = "to be surveyed"
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    crs: str = ""
    method: str = ""
    accuracy_m: Annotated[float, Field(gt=0)] | None = None
    access: AccessLevel = AccessLevel.RESTRICTED
    public_decimals: Annotated[int, Field(ge=0, le=7)] | None = None


class _Decision(_Strict):
    level: AccessLevel = AccessLevel.RESTRICTED
    reason: str = "default"
    decided_by: str = ""
    review: date | None = None

    def record(self) -> AccessDecision:
        return AccessDecision(self.level, self.reason, self.decided_by, self.review)


class _Rights(_Strict):
    statement: str = ""
    holder: str = ""
    credit: str = ""


class _Defaults(_Strict):
    access: _Decision = _Decision()
    location: _Decision = _Decision()
    rights: _Rights = _Rights()
    creator: str = ""
    nature: Nature = Nature.SURVEY


class _Site(_Strict):
    slug: Annotated[str, Field(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?$")]
    name: _Words
    summary: _Words = _Words()
    nature: Nature = Nature.SURVEY
    access: _Decision = _Decision()
    coordinates: _Coordinates = _Coordinates()
    defaults: _Defaults = _Defaults()
    facts: tuple[_Fact, ...] = ()
    texts: tuple[Annotated[str, Field(pattern=r"^[a-z0-9-]+$")], ...] = ()


class _View(_Strict):
    yaw: float = 0.0
    pitch: float = 0.0
    fov: Annotated[float, Field(ge=20, le=120)] = 75.0


class _Link(_Strict):
    to: str
    yaw: float
    pitch: float = 0.0
    label: _Words = _Words()


class _Hotspot(_Strict):
    yaw: float
    pitch: float = 0.0
    label: _Words
    text: _Words = _Words()
    asset: str = ""


class _Scene(_Strict):
    panorama: str
    title: _Words
    description: _Words = _Words()
    directions: dict[Literal["north", "east", "south", "west"], _Words] = {}
    position: tuple[float, float, float] | None = None
    heading: Annotated[float, Field(ge=0, lt=360)] | None = None
    view: _View = _View()
    links: tuple[_Link, ...] = ()
    hotspots: tuple[_Hotspot, ...] = ()


class _Tour(_Strict):
    title: _Words = _Words()
    scenes: tuple[_Scene, ...] = ()


@dataclass(frozen=True, slots=True)
class SiteDefinition:
    """A valid working copy.

    Attributes:
        site: the record, with the ARK given to ``load``.
        tour: the record; scenes named by file name have ids and panoramas of the form ``file:NAME``.
        files: the folder's files by ``/``-joined relative path, byte for byte; they are archived as they are.
    """

    site: Site
    tour: Tour
    files: dict[str, bytes]


def load(folder: Path, *, ark: str = "") -> SiteDefinition:
    """Reads and validates a working copy.

    Args:
        folder: a site folder.
        ark: the site's ARK, "" while it has none.

    Raises:
        UsageError: the folder is not a site, or a field is wrong; the message names file and field.
    """
    files = _read_files(folder)
    if "site.toml" not in files:
        raise UsageError(f"“{folder}” has no site.toml.", advice="Name the folder of a site, for example sites/dinh-mau.")
    site = _parse(_Site, files["site.toml"], "site.toml")
    tour = _parse(_Tour, files.get("tour.toml", b""), "tour.toml")
    _texts_exist(site, files)
    return SiteDefinition(_site_record(site, ark), _tour_record(tour, ark), files)


def _read_files(folder: Path) -> dict[str, bytes]:
    if not folder.is_dir():
        raise UsageError(f"“{folder}” is not a folder.", advice="Name the folder that holds site.toml.")
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]
    kept = [path for path in paths if not any(part.startswith(".") for part in path.relative_to(folder).parts)]
    if len(kept) > MAX_FILES:
        raise UsageError(
            f"“{folder}” holds {len(kept)} files; a site holds at most {MAX_FILES}.",
            advice="Photos and scans go through `ditich ingest`.",
        )
    for path in kept:
        if path.stat().st_size > MAX_FILE:
            raise UsageError(
                f"“{path}” is larger than 4 MiB.",
                advice="A site folder holds texts and drawings; ingest media with `ditich ingest`.",
            )
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in kept}


def _parse(model: type[Model], content: bytes, name: str) -> Model:
    try:
        return model.model_validate(tomllib.loads(content.decode()))
    except UnicodeDecodeError as error:
        raise UsageError(f"{name} is not UTF-8 text.", advice="Save it as UTF-8.", detail=str(error)) from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{name} cannot be read: {error}.", advice="Mend that line; TOML strings stand in quotes.") from error
    except ValidationError as error:
        lines = "; ".join(f"{'.'.join(map(str, fault['loc'])) or 'file'}: {fault['msg']}" for fault in error.errors())
        raise UsageError(f"{name}: {lines}.", advice="Mend these fields; docs/glossary.md names them.", detail=str(error)) from error


def _texts_exist(site: _Site, files: dict[str, bytes]) -> None:
    missing = [name for name in site.texts if not any(f"texts/{language}/{name}.md" in files for language in Language)]
    if missing:
        raise UsageError(
            f"site.toml names texts that are not there: {', '.join(missing)}.",
            advice="Write texts/vi/NAME.md, or take the name out.",
        )


def _site_record(site: _Site, ark: str) -> Site:
    defaults = site.defaults
    return Site(
        ark=ark,
        slug=site.slug,
        name=site.name.record(),
        summary=site.summary.record(),
        nature=site.nature,
        facts=tuple(_fact_record(fact) for fact in site.facts),
        coordinates=Coordinates(**site.coordinates.model_dump()),
        defaults=SiteDefaults(
            access=defaults.access.record(),
            location_access=defaults.location.record(),
            rights=Rights(**defaults.rights.model_dump()),
            creator=defaults.creator,
            nature=defaults.nature,
        ),
        access=site.access.record(),
        texts=site.texts,
    )


def _fact_record(fact: _Fact) -> Fact:
    return Fact(
        fact.name,
        fact.value.record(),
        fact.source,
        fact.certainty,
        fact.valid_from,
        fact.valid_to,
        fact.note.record(),
        fact.access,
    )


def reference(name: str) -> str:
    """A panorama's reference in a tour: an ARK as it is, a file name as ``file:NAME``."""
    return name if name.startswith(("ark:", FILE_REFERENCE)) else FILE_REFERENCE + name


def _tour_record(tour: _Tour, ark: str) -> Tour:
    return Tour(ark, tuple(_scene_record(scene) for scene in tour.scenes), tour.title.record())


def _scene_record(scene: _Scene) -> Scene:
    name = reference(scene.panorama)
    return Scene(
        id=name,
        panorama=name,
        title=scene.title.record(),
        description=scene.description.record(),
        directions=tuple((side, scene.directions[side].record()) for side in COMPASS if side in scene.directions),
        position=scene.position,
        position_source="tour.toml" if scene.position else "",
        heading=scene.heading,
        heading_source="tour.toml" if scene.heading is not None else "",
        view=View(scene.view.yaw, scene.view.pitch, scene.view.fov),
        links=tuple(SceneLink(reference(link.to), link.yaw, link.pitch, link.label.record()) for link in scene.links),
        hotspots=tuple(Hotspot(spot.yaw, spot.pitch, spot.label.record(), spot.text.record(), spot.asset) for spot in scene.hotspots),
    )
