"""Exports keep their standards' rules and say no more than the pages."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from archive.publications.read import PLACEHOLDER_BASE
from archive.records.asset import AssetKind, Nature
from archive.records.publication import PublicFile, PublicSite
from archive.records.text import LocalText
from pipeline.publish.exporters import EXPORTERS
from pipeline.publish.publish import exports_of
from tests.archive.publications.builders import PAPER, PHOTO, small_site
from tests.pipeline.publish.iiif_rules import faults

DC = "{http://purl.org/dc/elements/1.1/}"
PREMIS = "{http://www.loc.gov/premis/v3}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> PublicSite:
    return replace(small_site(tmp_path_factory.mktemp("exports") / "pictures")[0], generation=3)


@pytest.fixture(scope="module")
def exports(site: PublicSite) -> Mapping[str, bytes]:
    return exports_of(site)


def bare(site: PublicSite) -> PublicSite:
    """The site with as little as an asset can have."""
    first, *rest = site.assets
    poor = replace(
        first, title=LocalText(), credit="", rights="", captured="", creator="", subject=(), files=first.files[3:], nature=Nature.SIMULATED
    )
    nothing = replace(rest[0], files=(), kind=AssetKind.RECORDING, rights="all rights reserved")
    model = PublicFile("Mô hình 1.glb", "GLB", "model/gltf-binary", 5, "0" * 128)
    return replace(
        site, assets=(poor, nothing, replace(rest[1], downloads=(model,), credit=""), rest[2]), published="", summary=LocalText()
    )


def manifests(exports: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    return {name: json.loads(content) for name, content in exports.items() if name.startswith("manifest") and name.endswith(".json")}


def test_there_is_one_of_each_for_every_asset(site: PublicSite, exports: Mapping[str, bytes]) -> None:
    ids = [asset.id for asset in site.assets]
    expected = {"manifest.json", "manifest-tour.json", "collection.json", "oai_dc.xml"}
    expected |= {f"manifest-{each}.json" for each in ids} | {f"{kind}-{each}.xml" for kind in ("oai_dc", "premis") for each in ids}
    assert exports.keys() == expected
    assert len({exporter.name for exporter in EXPORTERS}) == len(EXPORTERS)


def test_manifests_keep_the_rules(site: PublicSite, exports: Mapping[str, bytes]) -> None:
    for found in (exports, exports_of(bare(site))):
        for name, manifest in manifests(found).items():
            assert faults(manifest) == [], name


def test_the_rules_accept_the_cookbook_and_refuse_what_is_wrong(corpus: Path, exports: Mapping[str, bytes]) -> None:
    recipes = [json.loads(path.read_bytes()) for path in sorted((corpus / "iiif" / "cookbook").rglob("*.json"))]
    good = [recipe for recipe in recipes if recipe.get("type") == "Manifest"]
    assert len(good) > 20
    # Two templates of the cookbook end their address in a blank, and one of them holds nothing yet.
    assert sum(not faults(recipe) for recipe in good) >= len(good) - 2
    changes: tuple[dict[str, Any], ...] = (
        {"label": "Đình"},
        {"items": []},
        {"rights": "CC BY"},
        {"homepage": []},
        {"width": 5},
        {"@context": "x"},
        {"id": "#a"},
    )
    for change in changes:
        assert faults(json.loads(exports["manifest.json"]) | change), change


def test_a_canvas_is_as_large_as_its_image_and_points_to_the_image_service(site: PublicSite, exports: Mapping[str, bytes]) -> None:
    photo = next(asset for asset in site.assets if asset.ark == PHOTO)
    canvas = json.loads(exports[f"manifest-{photo.id}.json"])["items"][0]
    body = canvas["items"][0]["items"][0]["body"]
    image = f"{PLACEHOLDER_BASE}/iiif/{site.slug}/3/{photo.id}"
    assert (canvas["width"], canvas["height"]) == (body["width"], body["height"]) == (1200, 900)
    assert body["service"] == [{"id": image, "type": "ImageService3", "profile": "level2"}]
    assert body["id"] == f"{image}/full/max/0/default.jpg"


def test_downloads_are_renderings_with_encoded_names(site: PublicSite, exports: Mapping[str, bytes]) -> None:
    paper = next(asset for asset in site.assets if asset.ark == PAPER)
    (rendering,) = json.loads(exports[f"manifest-{paper.id}.json"])["rendering"]
    assert rendering["id"].endswith("/original/H%E1%BB%93%20s%C6%A1.pdf")


def test_every_address_begins_with_the_placeholder(exports: Mapping[str, bytes]) -> None:
    for name, content in exports.items():
        found = re.findall(r'"id": "([^"]*)"|<dc:identifier>(http[^<]*)', content.decode())
        assert found or not name.startswith(("manifest", "collection")), name
        for address in ("".join(pair) for pair in found):
            assert address.startswith(PLACEHOLDER_BASE), (name, address)


class Local(etree.Resolver):  # type: ignore[misc]
    """Finds schemas that are named by their address in the corpus."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def resolve(self, url: str, _public: str, context: Any) -> Any:
        name = url.rsplit("/", 1)[-1]
        for folder in ("oai-pmh", "lido", "premis", "mets"):
            if (self._folder / folder / name).is_file():
                return self.resolve_filename(str(self._folder / folder / name), context)
        return None


@pytest.mark.parametrize(("kind", "schema"), [("oai_dc", "oai-pmh/oai_dc.xsd"), ("premis", "premis/premis-v3-0.xsd")])
def test_xml_is_valid(site: PublicSite, corpus: Path, kind: str, schema: str) -> None:
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Local(corpus / "xsd"))
    rules = etree.XMLSchema(etree.parse(str(corpus / "xsd" / schema), parser))
    for shown in (site, bare(site)):
        documents = {name: content for name, content in exports_of(shown).items() if name.startswith(kind)}
        assert len(documents) >= 4
        for name, content in documents.items():
            assert rules.validate(etree.fromstring(content)), (name, rules.error_log)


def test_dublin_core_speaks_the_languages_it_has(site: PublicSite, exports: Mapping[str, bytes]) -> None:
    record = etree.fromstring(exports["oai_dc.xml"])
    assert {title.get(XML_LANG): title.text for title in record.findall(f"{DC}title")} == {
        "vi": "Đình Nhỏ",
        "en": "The Small Communal House",
        "th": "ศาลาประชาคมหลังเล็ก",
    }
    assert site.ark in [element.text for element in record.findall(f"{DC}identifier")]


def test_what_is_simulated_says_so_in_every_export(site: PublicSite) -> None:
    poor = bare(site).assets[0]
    found = exports_of(bare(site))
    assert "SIMULATED" in found[f"oai_dc-{poor.id}.xml"].decode()
    assert "Simulated" in found[f"manifest-{poor.id}.json"].decode()


def test_characters_that_xml_cannot_hold_are_left_out(site: PublicSite) -> None:
    first, *rest = site.assets
    odd = replace(site, assets=(replace(first, creator="a\x00b\x0bc\ufffe & <d>"), *rest))
    record = etree.fromstring(exports_of(odd)[f"oai_dc-{first.id}.xml"])
    assert record.findtext(f"{DC}creator") == "abc & <d>"


def test_premis_names_every_public_file_with_its_digest(site: PublicSite, exports: Mapping[str, bytes]) -> None:
    paper = next(asset for asset in site.assets if asset.ark == PAPER)
    document = etree.fromstring(exports[f"premis-{paper.id}.xml"])
    digests = [element.text for element in document.iter(f"{PREMIS}messageDigest")]
    assert digests == [*(file.sha256 for file in paper.files), paper.downloads[0].sha512]


def test_a_site_that_is_not_public_is_exported_nowhere(site: PublicSite) -> None:
    assert exports_of(replace(site, name=LocalText(), assets=(), tour=None)) == {}
