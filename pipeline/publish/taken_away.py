"""What has been taken from the public since a site was last published: the same publication, less that, and nothing more.

Withdrawing and restricting count from the next request on; opening waits until somebody says ``publish``. So what is shown stands on the
versions that were archived when the site was last published as a whole, each asset as closed as its strictest version since.
"""

import json
from collections.abc import Iterator
from dataclasses import replace

from archive.access import head_of, read_bytes, withdrawn_on
from archive.errors import DamageError, NotFoundError, RecordError
from archive.home import Home
from archive.records.access import AccessDecision, AccessLevel
from archive.records.asset import Asset
from archive.records.events import EventType
from archive.records.serialise import from_json
from archive.records.site import Fact, Site
from archive.records.tour import Tour
from pipeline.publish.material import SiteMaterial, read_material
from pipeline.publish.public_record import Judgement, judge

LESS = "less"
"""in the event of a publication that only took away"""
_STRICTNESS = (AccessLevel.PUBLIC, AccessLevel.REDUCED, AccessLevel.RESTRICTED)


def versions_published(home: Home, site_ark: str) -> dict[str, str]:
    """ARK → version of everything that was archived when the site was last published as a whole; nothing where it never was."""
    heads: dict[str, str] = {}
    found: dict[str, str] = {}
    for entry in home.log.entries():
        event = entry.event
        if event.type is EventType.PUBLICATION and site_ark in event.objects and LESS not in event.extra:
            found = dict(heads)
        elif "version" in event.extra and "inventory_sha512" in event.extra:
            heads.update((one, str(event.extra["version"])) for one in event.objects)
    return found


def less_taken_away(home: Home, site: str) -> tuple[SiteMaterial, tuple[str, ...]] | None:
    """What a site's last publication was made from, less what was taken away since, and the ARKs of what shows less now.

    Returns:
        None where the site was never published, or nothing was taken away.
    """
    versions = versions_published(home, site)
    if site not in versions:
        return None
    before = read_material(home, site, versions)
    assets = tuple(_strictest(home, asset, versions[asset.ark]) for asset in before.assets)
    after = replace(
        before,
        site=_closed_site(before.site, from_json(Site, read_bytes(home, site, "site.json"))),
        tour=_closed_tour(before.tour, from_json(Tour, read_bytes(home, site, "tour.json"))),
        assets=assets,
        withdrawn={asset.ark: _day(home, asset.ark) for asset in assets if asset.withdrawn},
    )
    less = [
        asset.ark
        for earlier, asset in zip(before.assets, after.assets, strict=True)
        if _shows_less(judge(earlier, before.site), judge(asset, after.site))
    ]
    if (before.site, before.tour) != (after.site, after.tour):
        less.insert(0, site)
    return (after, tuple(less)) if less else None


def _shows_less(before: Judgement, after: Judgement) -> bool:
    pairs = ((one.shown, one.whole, one.location, one.originals) for one in (before, after))
    return any(was and not stays for was, stays in zip(*pairs, strict=True))


def _strictest(home: Home, asset: Asset, version: str) -> Asset:
    for later in _records_since(home, asset.ark, version):
        asset = replace(
            asset,
            access=_stricter(asset.access, later.access),
            location_access=_stricter(asset.location_access, later.location_access),
            rights=asset.rights if later.rights.lets_others_copy else later.rights,
            withdrawn=asset.withdrawn or later.withdrawn,
        )
    return asset


def _records_since(home: Home, ark: str, version: str) -> Iterator[Asset]:
    """The record of every version after that one; a lost asset has none, and is not in the material either."""
    for number in range(int(version[1:]) + 1, int((head_of(home, ark) or "v0")[1:]) + 1):
        try:
            yield from_json(Asset, read_bytes(home, ark, "record.json", f"v{number}"))
        except (NotFoundError, DamageError, RecordError):
            continue


def _day(home: Home, ark: str) -> str:
    """The day on which it was withdrawn; of what was restored since, and is not published again, the day that its provenance tells."""
    when = withdrawn_on(home, ark)
    if not when:
        events = map(json.loads, read_bytes(home, ark, "events.jsonl").splitlines())
        when = [str(event["eventDateTime"]) for event in events if event["eventType"] == EventType.DEACCESSION][-1]
    return when[:10]


def _stricter(one: AccessDecision, other: AccessDecision) -> AccessDecision:
    return other if _STRICTNESS.index(other.level) > _STRICTNESS.index(one.level) else one


def _closed_site(before: Site, now: Site) -> Site:
    place = before.coordinates
    if now.coordinates.access is not AccessLevel.PUBLIC:
        place = replace(place, access=now.coordinates.access)
    open_names = {fact.name for fact in now.facts if fact.access is AccessLevel.PUBLIC}
    closed = {fact.name for fact in now.facts} - open_names
    facts = tuple(_closed_fact(fact) if fact.name in closed else fact for fact in before.facts)
    return replace(before, access=_stricter(before.access, now.access), coordinates=place, facts=facts)


def _closed_fact(fact: Fact) -> Fact:
    return replace(fact, access=AccessLevel.RESTRICTED)


def _closed_tour(before: Tour, now: Tour) -> Tour:
    closed = {plan.id for plan in now.plans if plan.access is not AccessLevel.PUBLIC}
    plans = (replace(plan, access=AccessLevel.RESTRICTED) if plan.id in closed else plan for plan in before.plans)
    return replace(before, plans=tuple(plans))
