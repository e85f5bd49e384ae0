"""What the names in a site folder lead to: ARKs, file names as delivered, and whether the public sees what they name."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from archive.records.asset import Asset, FileRole
from archive.records.identifiers import identifier_of
from archive.records.publication import PublicAsset
from pipeline.site_definition import FILE_REFERENCE, reference


@dataclass(frozen=True, slots=True)
class References:
    """Every way to name an asset of a site, and the assets that are shown whole.

    Attributes:
        arks: name → ARK, of all assets, public or not; where a public and a hidden file have one name, the public one's.
        whole: ARK → the public record, of assets shown whole (not by title and thumbnail alone).
    """

    arks: Mapping[str, str]
    whole: Mapping[str, PublicAsset]

    def public(self, name: str) -> PublicAsset | None:
        """The asset of that name where it is shown whole."""
        return self.whole.get(self._ark(name))

    def is_kept_back(self, name: str) -> bool:
        """Whether the archive has that asset and the public does not see it, or not whole."""
        ark = self._ark(name)
        return bool(ark) and ark not in self.whole

    def public_names(self) -> dict[str, str]:
        """Every name that leads to an asset shown whole → its ARK."""
        return {name: ark for name, ark in self.arks.items() if ark in self.whole}

    def _ark(self, name: str) -> str:
        written = reference(name)
        for candidate in (name, written, _composed(written), _composed(unquote(written))):
            if candidate in self.arks:
                return self.arks[candidate]
        return ""


def references_of(assets: Iterable[Asset], whole: Iterable[PublicAsset]) -> References:
    """The references of a site.

    Args:
        assets: all its assets in the order of its page.
        whole: the public records of those that are shown whole.
    """
    shown = {public.ark: public for public in whole}
    arks: dict[str, str] = {}
    for asset in sorted(assets, key=lambda one: one.ark not in shown):
        for name in _names(asset):
            arks.setdefault(name, asset.ark)
    return References(arks, shown)


def _names(asset: Asset) -> Iterable[str]:
    """ARK, id, and the principal file's name as delivered and in composed characters (macOS writes the others)."""
    yield asset.ark
    yield identifier_of(asset.ark)
    principal = next(file for file in asset.originals if file.role is FileRole.PRINCIPAL)
    name = FILE_REFERENCE + principal.path.rsplit("/", 1)[-1]
    yield name
    yield _composed(name)


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)
