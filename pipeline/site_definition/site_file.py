"""``site.toml``: what a site is, who may see it, and what its material gets where nobody says otherwise."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from archive.records.access import AccessDecision, AccessLevel, Rights
from archive.records.asset import Nature
from archive.records.site import Coordinates, Fact, Site, SiteDefaults
from pipeline.site_definition.toml_model import ShortName, Strict, Words


class _Fact(Strict):
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    value: Words = Words()
    source: str = ""
    certainty: Literal["A", "B", "C", "?", ""] = ""
    valid_from: str = ""
    valid_to: str = ""
    note: Words = Words()
    access: AccessLevel = AccessLevel.PUBLIC


class _Coordinates(Strict):
    status: str = "to be surveyed"
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    crs: str = ""
    method: str = ""
    accuracy_m: Annotated[float, Field(gt=0)] | None = None
    access: AccessLevel = AccessLevel.RESTRICTED
    public_decimals: Annotated[int, Field(ge=0, le=7)] | None = None


class _Decision(Strict):
    level: AccessLevel = AccessLevel.RESTRICTED
    reason: str = "default"
    decided_by: str = ""
    review: date | None = None

    def record(self) -> AccessDecision:
        return AccessDecision(self.level, self.reason, self.decided_by, self.review)


class _Rights(Strict):
    statement: str = ""
    holder: str = ""
    credit: str = ""


class _Defaults(Strict):
    access: _Decision = _Decision()
    location: _Decision = _Decision()
    rights: _Rights = _Rights()
    creator: str = ""
    nature: Nature = Nature.SURVEY


class SiteFile(Strict):
    """The file as a whole."""

    slug: ShortName
    name: Words
    summary: Words = Words()
    nature: Nature = Nature.SURVEY
    access: _Decision = _Decision()
    coordinates: _Coordinates = _Coordinates()
    defaults: _Defaults = _Defaults()
    facts: tuple[_Fact, ...] = ()
    texts: tuple[Annotated[str, Field(pattern=r"^[a-z0-9-]+$")], ...] = ()

    def record(self, ark: str) -> Site:
        """The site's record under an ARK ("" while it has none)."""
        defaults = self.defaults
        return Site(
            ark=ark,
            slug=self.slug,
            name=self.name.record(),
            summary=self.summary.record(),
            nature=self.nature,
            facts=tuple(_fact_record(fact) for fact in self.facts),
            coordinates=Coordinates(**self.coordinates.model_dump()),
            defaults=SiteDefaults(
                access=defaults.access.record(),
                location_access=defaults.location.record(),
                rights=Rights(**defaults.rights.model_dump()),
                creator=defaults.creator,
                nature=defaults.nature,
            ),
            access=self.access.record(),
            texts=self.texts,
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
