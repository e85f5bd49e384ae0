"""Where the signs of a site lead: to pages that are public now; a sign of something that is not keeps its code and says so."""

from collections.abc import Iterable, Mapping

from archive.records.access import AccessLevel
from archive.records.identifiers import identifier_of
from archive.records.label import Label, LabelPlace
from archive.records.publication import PublicAsset, PublicLabel
from archive.records.site import Site
from archive.records.text import LocalText
from archive.records.tour import Tour


def public_labels(
    labels: Iterable[Label], site: Site, assets: Iterable[PublicAsset], tour: Tour | None, withdrawn: Mapping[str, str] | None = None
) -> tuple[PublicLabel, ...]:
    """Every sign ever issued, in the order of issue. The words of one whose thing is not public stay in the archive.

    Args:
        labels: as registered.
        site: the site's record.
        assets: what is public of it.
        tour: its public tour.
        withdrawn: ARK → day on which that asset was withdrawn.
    """
    shown = {asset.ark for asset in assets}
    scenes = {scene.panorama: scene.id for scene in tour.scenes} if tour else {}
    is_open = site.access.level is not AccessLevel.RESTRICTED
    found = []
    for label in labels:
        path = _path(label, site, shown, scenes) if is_open else ""
        title = label.title if path or label.retired else LocalText()
        story = label.story if label.retired else LocalText()
        gone = (withdrawn or {}).get(label.ark, "")
        found.append(PublicLabel(label.code, "" if label.retired else path, title, label.issued, label.retired, story, gone))
    return tuple(found)


def _path(label: Label, site: Site, shown: set[str], scenes: dict[str, str]) -> str:
    if label.place is LabelPlace.SITE:
        return f"{site.slug}/"
    if label.ark not in shown:
        return ""
    if label.place is LabelPlace.SCENE and label.ark in scenes:
        return f"{site.slug}/scene/{scenes[label.ark]}"
    return f"{site.slug}/{identifier_of(label.ark)}"
