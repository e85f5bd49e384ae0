import json
from pathlib import Path
from typing import Any

import pytest

from archive.ocfl.validate import validate_path
from tests.archive.ocfl_validate.builders import (
    FILES,
    Change,
    Inventory,
    codes,
    details,
    digest,
    inventory_of,
    make_object,
    numbered,
    rewrite,
    write_inventory,
)

ALPHA, BYTES = (digest(content) for content in FILES.values())


def put(**values: Any) -> Change:
    return lambda inventory: inventory.update(values)


def without(key: str) -> Change:
    return lambda inventory: inventory.pop(key)


def in_version(**values: Any) -> Change:
    return lambda inventory: inventory["versions"]["v1"].update(values)


def without_in_version(key: str) -> Change:
    return lambda inventory: inventory["versions"]["v1"].pop(key)


def in_state(paths: Any, of: str = ALPHA) -> Change:
    return lambda inventory: inventory["versions"]["v1"]["state"].update({of: paths})


def in_manifest(paths: Any, of: str = ALPHA) -> Change:
    return lambda inventory: inventory["manifest"].update({of: paths})


def fixity(algorithm: str, value: Any) -> Change:
    return put(fixity={algorithm: value})


def upper_case_twin(block: str) -> Change:
    def change(inventory: Inventory) -> None:
        inventory.setdefault("fixity", {"sha512": {ALPHA: ["v1/content/a.txt"]}})
        found = inventory["manifest"] if block == "manifest" else inventory["fixity"]["sha512"]
        found[ALPHA.upper()] = []

    return change


USER = {"name": "a", "address": "mailto:a@b.c"}
CHANGES: list[tuple[str, Change]] = [
    ("E017 E108", put(contentDirectory="a/b")),
    ("E018 E108", put(contentDirectory="..")),
    ("E108", put(contentDirectory="")),
    ("E108", put(contentDirectory=7)),
    ("E014 E042", in_manifest(["v01/content/a.txt"])),
    ("E021 E042", in_manifest(["v1/other/a.txt"])),
    ("E025", put(digestAlgorithm="md5")),
    ("E025", put(digestAlgorithm=["sha512"])),
    ("E026 E056", fixity("SHA-512", {})),
    ("E026 E056", fixity("", {})),
    ("E029", fixity("sha1", {"x": ["v1/content/a.txt"]})),
    ("E030", fixity("sha256", {"x": ["v1/content/a.txt"]})),
    ("E031", in_manifest(["v1/content/a.txt"], of="x" * 128)),
    ("E031", in_manifest(["v1/content/a.txt"], of="a" * 127)),
    ("E032", fixity("blake2b-512", {"é" * 64: ["v1/content/a.txt"]})),
    ("E035 E042", in_manifest(["v1\\content\\a.txt"])),
    ("E035", fixity("md5", {"0" * 32: ["v1\\content\\a.txt"]})),
    ("E036", without("id")),
    ("E036", without("type")),
    ("E036", without("digestAlgorithm")),
    ("E036", without("head")),
    ("E037", put(id="")),
    ("E037", put(id=5)),
    ("E038", put(type="https://ocfl.io/1.0/spec/#inventory")),
    ("E038", put(type="https://ocfl.io/1.2/spec/#inventory")),
    ("E038", put(type=None)),
    ("E039", in_manifest(["v1/content/a.txt"], of="a" * 64)),
    ("E040", put(head="v2")),
    ("E040", put(head=1)),
    ("E041", without("manifest")),
    ("E041 E043", without("versions")),
    ("E044 E102", put(Versions={})),
    ("E045", put(versions=[])),
    ("E047", lambda inventory: inventory["versions"].update(v1="x")),
    ("E048", without_in_version("created")),
    ("E048", without_in_version("state")),
    ("E049", in_version(created="2026-01-01")),
    ("E049", in_version(created=1)),
    ("E050", in_version(state="x")),
    ("E050", in_state("a.txt")),
    ("E050", in_state(["c.txt"], of="0" * 128)),
    ("E051", in_state([True])),
    ("E051 E052", in_state([""])),
    ("E052", in_state(["a/../b"])),
    ("E052", in_state(["./b"])),
    ("E052", in_state(["a/."])),
    ("E052", in_state([".."])),
    ("E053", in_state(["/a"])),
    ("E053", in_state(["a/"])),
    ("E054", in_version(user="x")),
    ("E054", in_version(user={"address": "mailto:a@b.c"})),
    ("E054", in_version(user={**USER, "name": ""})),
    ("E055 E102", put(Fixity={})),
    ("E057", fixity("md5", [])),
    ("E057", fixity("md5", {"0" * 32: "v1/content/a.txt"})),
    ("E057", fixity("md5", {"0" * 32: [{}]})),
    ("E057", fixity("md5", {"x" * 32: ["v1/content/a.txt"]})),
    ("E092", in_manifest([])),
    ("E092", in_manifest("v1/content/a.txt")),
    ("E092", in_manifest(["v1/content/a.txt", "v1/content/gone.txt"])),
    ("E093", fixity("md5", {"0" * 32: ["v1/content/a.txt"]})),
    ("E093", fixity("md5", {"0" * 32: ["v1/content/gone.txt"]})),
    ("E093", fixity("size", {"7": ["v1/content/a.txt"]})),
    ("E094", in_version(message=["x"])),
    ("E095", in_state(["x", "x"])),
    ("E095", in_state(["d/b.bin/c"])),
    ("E096", upper_case_twin("manifest")),
    ("E097", upper_case_twin("fixity")),
    ("E098", in_manifest([4])),
    ("E098 E099", in_manifest([""])),
    ("E099", in_manifest(["v1/content//a.txt"])),
    ("E100", in_manifest(["/v1/content/a.txt"])),
    ("E101", in_manifest(["v1/content/a.txt", "v1/content/a.txt"])),
    ("E101", in_manifest(["v1/content/a.txt", "v1/content/a.txt/b"])),
    ("E102", put(extra="x")),
    ("E102", in_version(extra="x")),
    ("E102", in_version(user={**USER, "extra": "x"})),
    ("E106", put(manifest=[])),
    ("E107", lambda inventory: inventory["versions"]["v1"]["state"].pop(ALPHA)),
    ("E111", put(fixity=[])),
]
WARNINGS: list[tuple[str, Change]] = [
    ("W005", put(id="box 7")),
    ("W005", put(id="urn:x:é")),
    ("W007", without_in_version("message")),
    ("W007", without_in_version("user")),
    ("W008", in_version(user={"name": "a"})),
    ("W009", in_version(user={"name": "a", "address": "a@b.c"})),
    ("W009", in_version(user={"name": "a", "address": 5})),
]
FINE: list[Change] = [
    bool,
    put(fixity={}),
    put(contentDirectory="content"),
    fixity("size", {"6": ["v1/content/a.txt"], "100": ["v1/content/d/b.bin"]}),
    fixity("sha512/256", {digest(b"alpha\n", "sha512_256"): ["v1/content/a.txt"]}),
    fixity("md5", {digest(b"alpha\n", "md5").upper(): ["v1/content/a.txt"]}),
    fixity("crc-of-our-own", {"whatever": ["v1/content/a.txt"]}),
    in_version(created="2026-01-01t00:00:00.5+14:00"),
]


@pytest.mark.parametrize(("expected", "change"), CHANGES, ids=numbered(CHANGES))
def test_a_broken_inventory_raises_its_code(tmp_path: Path, expected: str, change: Change) -> None:
    found = validate_path(make_object(tmp_path / "o", change=change))
    assert set(expected.split()) <= set(found.codes)
    assert not found.valid


@pytest.mark.parametrize(("expected", "change"), WARNINGS, ids=numbered(WARNINGS))
def test_what_should_not_be_is_a_warning(tmp_path: Path, expected: str, change: Change) -> None:
    found = validate_path(make_object(tmp_path / "o", change=change))
    assert found.codes == (expected,)
    assert found.valid


@pytest.mark.parametrize("change", FINE, ids=map(str, range(len(FINE))))
@pytest.mark.parametrize("spec", ["1.0", "1.1"])
def test_a_good_object_is_silent(tmp_path: Path, change: Change, spec: str) -> None:
    found = validate_path(make_object(tmp_path / "o", change=change, spec=spec))
    assert found.findings == ()
    assert (found.valid, found.broken, found.kind, found.objects, found.files, found.bytes) == (True, False, "object", 1, 2, 106)


def test_digests_may_be_written_in_upper_case(tmp_path: Path) -> None:
    def change(inventory: Inventory) -> None:
        inventory["manifest"] = {key.upper(): paths for key, paths in inventory["manifest"].items()}
        state = inventory["versions"]["v1"]["state"]
        inventory["versions"]["v1"]["state"] = {key.upper(): paths for key, paths in state.items()}

    assert codes(make_object(tmp_path / "o", change=change)) == set()


def test_a_manifest_digest_used_in_the_wrong_case_is_no_unused_digest(tmp_path: Path) -> None:
    def change(inventory: Inventory) -> None:
        inventory["manifest"] = {key.upper(): paths for key, paths in inventory["manifest"].items()}

    assert codes(make_object(tmp_path / "o", change=change)) == {"E050"}


def test_a_digest_that_no_version_uses_was_allowed_in_1_0(tmp_path: Path) -> None:
    def change(inventory: Inventory) -> None:
        inventory["versions"]["v1"]["state"].pop(ALPHA)

    assert codes(make_object(tmp_path / "o", change=change, spec="1.0")) == set()


def test_paths_too_deep_to_gather_their_folders_are_compared_by_order(tmp_path: Path) -> None:
    deep = "/".join("a" * 3000)
    inside = lambda inventory: inventory["versions"]["v1"]["state"][ALPHA].extend([deep, f"{deep}/b", f"{deep}.c", "a.txt-"])  # noqa: E731
    found = validate_path(make_object(tmp_path / "o", change=inside))
    assert found.codes == ("E095",)
    assert len(found.findings) == 1
    apart = lambda inventory: inventory["versions"]["v1"]["state"][ALPHA].extend([deep, f"{deep}b", f"{deep}.c/d"])  # noqa: E731
    assert codes(make_object(tmp_path / "p", change=apart)) == set()


def test_a_fixity_block_with_the_same_file_many_times_takes_no_time(tmp_path: Path) -> None:
    found = validate_path(
        make_object(tmp_path / "o", change=fixity("sha256", {f"{number:064x}": ["v1/content/a.txt"] for number in range(30_000)}))
    )
    assert found.codes == ("E093", "E101")
    assert found.left_out > 0


def test_a_content_path_may_name_a_version_with_other_zeros(tmp_path: Path) -> None:
    folder = make_object(tmp_path / "o")
    block = inventory_of()["versions"]["v1"]
    manifest = {**inventory_of()["manifest"], ALPHA: ["v1/content/a.txt"], BYTES: ["v9/content/b.bin"]}
    rewrite(folder, put(versions={"v01": block, "v02": block}, head="v02", manifest=manifest))
    found = details(validate_path(folder), "E014")
    assert found == ["inventory.json: 'v1/content/a.txt' names a version otherwise than its folder is named"]


def test_no_manifest_at_all_for_versions_without_files_is_e041_only(tmp_path: Path) -> None:
    found = codes(make_object(tmp_path / "o", change=without("versions")))
    assert "E041" in found
    assert "E107" not in found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", "E033"),
        (b"\xff\xfe", "E033"),
        ("{}".encode("utf-16"), "E033"),
        (b"\xef\xbb\xbf{}", "E033"),
        (b'{"a": NaN}', "E033"),
        (b"[" * 200_000 + b"]" * 200_000, "E033"),
        (b'{"a": "\\ud800"}', "E033"),
        (b"[1]", "E033"),
        (b'{"id": "urn:x", "id": "urn:x"}', "E033"),
        (b'{"id": ' + b"1" * 5000 + b"}", "E037"),
        (b'{"id": ' + b"[" * 900 + b"]" * 900 + b"}", "E037"),
        (b'{"versions": {"v1": {"created": {"a": 1, "a": 2}, "state": null}}}', "E049"),
    ],
    ids=map(str, range(12)),
)
def test_bytes_that_are_no_inventory(tmp_path: Path, text: bytes, expected: str) -> None:
    folder = make_object(tmp_path / "o")
    for place in (folder, folder / "v1"):
        write_inventory(place, text)
    found = validate_path(folder)
    assert expected in found.codes
    assert not found.unchecked


def test_half_characters_that_belong_together_are_text(tmp_path: Path) -> None:
    folder = make_object(tmp_path / "o", change=in_version(message="🏛"))
    assert b"\\ud83c" in (folder / "inventory.json").read_bytes()
    assert codes(folder) == set()


@pytest.mark.parametrize(("block", "code"), [("manifest", "E096"), ("sha512", "E097"), ("state", "E050")])
def test_a_digest_that_occurs_twice_is_found_where_a_json_reader_keeps_the_last(tmp_path: Path, block: str, code: str) -> None:
    folder = make_object(tmp_path / "o", change=fixity("sha512", {ALPHA: ["v1/content/a.txt"]}))
    content = (folder / "inventory.json").read_text()
    twice = content.replace(f'"{block}": {{', f'"{block}": {{"{ALPHA}": ["v1/content/a.txt"], ').encode()
    for place in (folder, folder / "v1"):
        write_inventory(place, twice)
    found = codes(folder)
    assert {"E033", code} <= found


def test_the_names_of_versions(tmp_path: Path) -> None:
    def renamed(*names: str) -> set[str]:
        folder = tmp_path / "-".join(names)
        make_object(folder)
        block = inventory_of()["versions"]["v1"]
        rewrite(folder, put(versions=dict.fromkeys(names, block), head=names[-1]))
        return codes(folder) & {"E008", "E009", "E010", "E011", "E012", "E013", "E104", "E105", "W001"}

    assert renamed("v1", "v2") == set()
    assert renamed("v01", "v02") == {"W001"}
    assert renamed("v2", "v3") == {"E009"}
    assert renamed("v1", "v3") == {"E010"}
    assert renamed("v1", "v02") == {"E012", "E013"}
    assert renamed("v01", "v002") == {"E012", "E013", "W001"}
    assert renamed("v09", "v10") == {"E009", "E011", "E013", "W001"}
    assert renamed("v1", "2") == {"E104"}
    assert renamed("v1", "v0") == {"E105"}
    assert renamed("v1", "v²") == {"E105"}
    assert renamed("one") == {"E008", "E104"}
    assert renamed("v" + "9" * 100) == {"E009"}


def test_a_number_too_long_to_read_is_no_version(tmp_path: Path) -> None:
    long = "v" + "9" * 5000
    found = validate_path(make_object(tmp_path / "o", change=lambda inventory: inventory["versions"].update({long: {}})))
    assert "E105" in found.codes


def test_values_of_any_kind_are_named_by_their_kind(tmp_path: Path) -> None:
    for number, (value, word) in enumerate(
        [({}, "a JSON object"), ([], "an array"), (5, "a number"), (None, "null"), (False, "true or false")]
    ):
        found = validate_path(make_object(tmp_path / str(number), change=put(head=value)))
        assert details(found, "E040")[:1] == [f"inventory.json: the head is {word}, the newest version v1"]
    found = validate_path(make_object(tmp_path / "long", change=put(head="x" * 500)))
    assert len(details(found, "E040")[0]) < 300


def test_an_inventory_is_not_read_with_a_collector_that_was_off_switched_on(tmp_path: Path) -> None:
    import gc

    gc.disable()
    try:
        validate_path(make_object(tmp_path / "o"))
        assert not gc.isenabled()
    finally:
        gc.enable()
    validate_path(tmp_path / "o")
    assert gc.isenabled()


def test_findings_of_one_object_are_capped_and_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.ocfl.validate.findings.MOST_KEPT", 2)
    folder = make_object(tmp_path / "o", change=lambda inventory: inventory.update({str(number): 0 for number in range(5)}, head="v9"))
    found = validate_path(folder)
    assert (len(found.findings), found.left_out) == (2, 5)
    assert found.codes == ("E040", "E102")
    assert json.loads((folder / "inventory.json").read_bytes())["head"] == "v9"
