"""IIIF Presentation: the cookbook is read without loss, and our own documents pass the official schemas of versions 3 and 4.

The schemas are those of https://github.com/IIIF/presentation-validator (its folder ``schema``), which carries no licence and is therefore
not kept here: ``DITICH_IIIF_SCHEMAS`` names the folder.
"""

import json
import os
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from archive.errors import RecordError
from archive.publications.read import Publications
from archive.records.publication import PublicSite
from pipeline.publish.presentation.document import json_of, read, resource_of, write
from pipeline.publish.presentation.model import Canvas, Manifest
from pipeline.publish.publish import exports_of
from tests.pipeline.publish.iiif_builders import rich_site
from tests.viewer.builders import write_museum

V4 = "https://iiif.io/api/presentation/4.0/schema"


@pytest.fixture(scope="module")
def schemas(checkout: Path) -> Path:
    folder = Path(os.environ.get("DITICH_IIIF_SCHEMAS") or checkout.parent / "shared" / "iiif-schemas")
    if not (folder / "iiif_3_0.json").is_file():
        pytest.skip("the official IIIF schemas are not here: set DITICH_IIIF_SCHEMAS to the folder schema of IIIF/presentation-validator")
    return folder


@pytest.fixture(scope="module")
def version3(schemas: Path) -> Any:
    return jsonschema.Draft7Validator(json.loads((schemas / "iiif_3_0.json").read_bytes()))


@pytest.fixture(scope="module")
def version4(schemas: Path) -> Any:
    rules = {f"{V4}/{path.name}": json.loads(path.read_bytes()) for path in sorted((schemas / "v4").glob("*.json"))}
    known = Registry().with_resources(
        (address, Resource.from_contents(rule, default_specification=DRAFT202012)) for address, rule in rules.items()
    )
    return jsonschema.Draft202012Validator(rules[f"{V4}/main.json"], registry=known)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> PublicSite:
    return rich_site(tmp_path_factory.mktemp("rich") / "pictures")


@pytest.fixture(scope="module")
def documents(site: PublicSite) -> dict[str, Any]:
    return {name: json.loads(content) for name, content in exports_of(site).items() if name.endswith(".json")}


def recipes(corpus: Path) -> list[Path]:
    return sorted((corpus / "iiif").rglob("*.json"))


def test_every_manifest_of_the_corpus_is_read_and_written_without_loss(corpus: Path) -> None:
    unread = []
    for path in recipes(corpus):
        content = path.read_bytes()
        try:
            found = read(content)
        except RecordError:
            unread.append(json.loads(content))
            continue
        assert json_of(found) == json.loads(content), path
        assert json.loads(write(found)) == json.loads(content)
    assert len(recipes(corpus)) > 100
    assert [recipe["@type"] for recipe in unread] == ["sc:Manifest"]


def test_what_is_read_is_typed(corpus: Path) -> None:
    book = read((corpus / "iiif" / "cookbook" / "0009-book-1" / "manifest.json").read_bytes())
    assert isinstance(book, Manifest)
    assert book.label == {"en": ("Simple Manifest - Book",)}
    canvases = book.items or ()
    assert len(canvases) == 5
    assert all(isinstance(each, Canvas) and each.width and each.height and not each.extra for each in canvases)


@pytest.mark.parametrize(
    ("odd", "kept"),
    [
        ({"label": "no map"}, "label"),
        ({"label": {"en": "no list"}}, "label"),
        ({"metadata": [{"label": {"en": ["a"]}}]}, "metadata"),
        ({"metadata": ["x"]}, "metadata"),
        ({"requiredStatement": {"label": {"en": 1}, "value": {}}}, "requiredStatement"),
        ({"thumbnail": [3]}, "thumbnail"),
        ({"homepage": 7}, "homepage"),
        ({"items": {"type": "Canvas"}}, "items"),
        ({"behavior": ["paged", 2]}, "behavior"),
        ({"rights": True}, "rights"),
    ],
)
def test_what_has_another_shape_is_kept_as_it_was(odd: dict[str, Any], kept: str) -> None:
    document = {"id": "https://a.example/m", "type": "Manifest", **odd}
    found = resource_of(document)
    assert list(found.extra) == [kept]
    assert json_of(found) == document


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b'{"@type": "sc:Manifest"}', b'{"type": 3}'])
def test_what_is_no_manifest_is_refused(content: bytes) -> None:
    with pytest.raises(RecordError):
        read(content)


def test_our_manifests_pass_the_official_schema(documents: dict[str, Any], version3: Any) -> None:
    ours = {name: document for name, document in documents.items() if name.startswith(("manifest-", "manifest.", "collection"))}
    assert len(ours) == 3 + 7
    for name, document in ours.items():
        assert list(version3.iter_errors(document)) == [], name


def test_our_drafts_pass_the_schema_of_the_draft(documents: dict[str, Any], version4: Any) -> None:
    drafts = {name: document for name, document in documents.items() if name.startswith("manifest4")}
    assert len(drafts) == 3
    for name, document in drafts.items():
        assert list(version4.iter_errors(document)) == [], name


def test_manifests_of_a_hostile_museum_pass_too(tmp_path: Path, version3: Any, version4: Any) -> None:
    root = write_museum(tmp_path)
    published = [exports_of(museum) for museum in Publications(root).sites()]
    manifests = [(name, json.loads(content)) for each in published for name, content in each.items() if name.endswith(".json")]
    assert len(manifests) > 8
    for name, manifest in manifests:
        if name != "annotations.json":
            assert list((version4 if name.startswith("manifest4") else version3).iter_errors(manifest)) == [], name


def test_the_schemas_refuse_what_is_wrong(documents: dict[str, Any], version3: Any, version4: Any) -> None:
    assert list(version3.iter_errors(documents["manifest.json"] | {"rights": "CC BY"}))
    for change in ({"items": 3}, {"label": "x"}, {"type": "Menifest"}):
        assert list(version3.iter_errors(documents["manifest.json"] | change)), change
        assert list(version4.iter_errors(documents["manifest4.json"] | change)), change


def test_our_documents_are_read_by_the_same_models(documents: dict[str, Any]) -> None:
    for name, document in documents.items():
        assert json_of(read(json.dumps(document).encode())) == document, name
