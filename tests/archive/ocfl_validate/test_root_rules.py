import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.ocfl.validate import validate_path
from archive.ocfl.validate.object_ids import ObjectIds, short_digest
from tests.archive.ocfl_validate.builders import codes, details, make_object, make_root, name_layout, numbered, write_inventory

Breaking = Callable[[Path], object]
LAYOUT_0003 = "0003-hash-and-id-n-tuple-storage-layout"


def write(name: str, content: str = "x") -> Breaking:
    def breaking(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)

    return breaking


def make(name: str) -> Breaking:
    return lambda root: (root / name).mkdir(parents=True)


def move(name: str, to: str) -> Breaking:
    return lambda root: (root / name).rename(root / to)


def layout(extension: object, description: object = "d") -> Breaking:
    return write("ocfl_layout.json", json.dumps({"extension": extension, "description": description}))


def config(content: str, name: str = LAYOUT_0003) -> Breaking:
    def breaking(root: Path) -> None:
        name_layout(root, name)
        write(f"extensions/{name}/config.json", content)(root)

    return breaking


DECLARATION = "0=ocfl_1.1"
BREAKINGS: list[tuple[str, Breaking]] = [
    ("E069 E076", lambda root: (root / DECLARATION).unlink()),
    ("E076", write("0=ocfl_1.0", "ocfl_1.0\n")),
    ("E075 E076 E077", move(DECLARATION, "=ocfl_1.1")),
    ("E077 E078", move(DECLARATION, "1=ocfl_1.1")),
    ("E077 E079", move(DECLARATION, "0=ocfl_1.7")),
    ("E080", write(DECLARATION, "ocfl_1.1")),
    ("E070", write("ocfl_layout.json", "{")),
    ("E070", write("ocfl_layout.json", "[]")),
    ("E070", write("ocfl_layout.json", '{"extension": "0002-flat-direct-storage-layout"}')),
    ("E070", write("ocfl_layout.json", '{"description": "x"}')),
    ("E070", layout(LAYOUT_0003, 7)),
    ("E071", layout("flat")),
    ("E071", layout("0005-mutable-head")),
    ("E071", layout(3)),
    ("E072 E084", write("a/notes.txt")),
    ("E072 E084 E085 E088", write("c/notes.txt")),
    ("E073 E088", make("c")),
    ("E073", make("a/empty")),
    ("E074", write("a/0=ocfl_1.0", "ocfl_1.0\n")),
    (
        "E081",
        lambda root: (
            make_object(root / "a/two", object_id="urn:x:two"),
            move(DECLARATION, "0=ocfl_1.0")(root),
            write("0=ocfl_1.0", "ocfl_1.0\n")(root),
        ),
    ),
    ("E082 E001", lambda root: make_object(root / "a/one/inner/deep", object_id="urn:x:inner")),
    ("E083", config("[]")),
    ("E083", config("{")),
    ("E083", config('{"tupleSize": 99}')),
    ("E083", config('{"extensionName": "other"}')),
    ("E083", config("{}")),
    ("E083", lambda root: name_layout(root, "0007-n-tuple-omit-prefix-storage-layout", delimiter="one")),
    ("E090", lambda root: (root / "a/link").symlink_to(root)),
    ("E090", lambda root: (root / "link").symlink_to(root)),
    ("E089", lambda root: os.mkfifo(root / "a/pipe")),
    ("E112", write("extensions/notes.txt")),
    ("E085 E072 E003", lambda root: (root / "a/one/0=ocfl_object_1.1").unlink()),
    ("E037 E083", lambda root: make_object(root / "a/copy", object_id="urn:x:one")),
]
WARNINGS: list[tuple[str, Breaking]] = [
    ("W014", lambda root: make_object(root / "b/c/two", object_id="urn:x:two")),
    ("W015", lambda root: make_object(root / "two", object_id="urn:x:two")),
    ("W016", write("extensions/ours/config.json", "{}")),
]
FINE: list[Breaking] = [
    bool,
    write("README.md"),
    write("ocfl_1.1.md"),
    write("notes/../ocfl_object_spec.md"),
    make("extensions"),
    layout("0011-direct-clean-path-layout"),
    lambda root: make_object(root / "a/two", object_id="urn:x:two"),
]


@pytest.mark.parametrize(("expected", "breaking"), BREAKINGS, ids=numbered(BREAKINGS))
def test_a_broken_root_raises_its_code(tmp_path: Path, expected: str, breaking: Breaking) -> None:
    root = make_root(tmp_path / "r", "a/one")
    breaking(root)
    found = validate_path(root)
    assert set(expected.split()) <= set(found.codes)
    assert (found.kind, found.valid) == ("root", False)
    assert not found.unchecked


@pytest.mark.parametrize(("expected", "breaking"), WARNINGS, ids=numbered(WARNINGS))
def test_what_should_not_be_is_a_warning(tmp_path: Path, expected: str, breaking: Breaking) -> None:
    root = make_root(tmp_path / "r", "a/one")
    breaking(root)
    found = validate_path(root)
    assert (found.codes, found.valid) == ((expected,), True)


@pytest.mark.parametrize("addition", FINE, ids=map(str, range(len(FINE))))
def test_what_may_be_is_no_finding(tmp_path: Path, addition: Breaking) -> None:
    root = make_root(tmp_path / "r", "a/one")
    (root / "notes").mkdir()
    addition(root)
    (root / "notes").rmdir()
    found = validate_path(root)
    assert (found.findings, found.kind) == ((), "root")


def test_an_empty_root_is_valid(tmp_path: Path) -> None:
    found = validate_path(make_root(tmp_path / "r"))
    assert (found.valid, found.kind, found.objects) == (True, "root", 0)


def test_findings_name_the_object_they_belong_to(tmp_path: Path) -> None:
    root = make_root(tmp_path / "r", "a/one", "a/two")
    (root / "a/two/v1/content/a.txt").write_bytes(b"x")
    found = validate_path(root)
    assert [(one.code, one.object, one.path) for one in found.findings] == [("E092", "a/two", "a/two/v1/content/a.txt")]
    assert (found.objects, found.files) == (2, 4)


def test_findings_inside_a_version_directory_keep_their_object(tmp_path: Path) -> None:
    root = make_root(tmp_path / "r", "a/one")
    (root / "a/one/v1/inventory.json.sha512").write_text("x")
    found = validate_path(root)
    assert [(one.code, one.object, one.path) for one in found.findings] == [("E061", "a/one", "a/one/v1/inventory.json.sha512")]


@pytest.mark.parametrize(
    ("name", "parameters", "place"),
    [
        ("0002-flat-direct-storage-layout", {}, "urn:x:one"),
        (LAYOUT_0003, {"tupleSize": 2, "numberOfTuples": 1, "digestAlgorithm": "md5"}, "e2/urn%3ax%3aone"),
        ("0004-hashed-n-tuple-storage-layout", {"tupleSize": 0, "numberOfTuples": 0}, ""),
        ("0006-flat-omit-prefix-storage-layout", {"delimiter": "X:"}, "one"),
        ("0007-n-tuple-omit-prefix-storage-layout", {"tupleSize": 2, "numberOfTuples": 2}, "0o/ne/one"),
    ],
)
def test_objects_lie_where_the_layout_says(tmp_path: Path, name: str, parameters: dict[str, object], place: str) -> None:
    from archive.ocfl.layouts import LAYOUTS

    right = LAYOUTS[name](parameters)("urn:x:one")
    assert right.startswith(place[:1])
    root = make_root(tmp_path / "r")
    make_object(root / right, object_id="urn:x:one")
    name_layout(root, name, **parameters)
    assert validate_path(root).findings == ()
    (root / "zz").mkdir()
    shutil.move(root / right, root / "zz" / "astray")
    found = validate_path(root)
    assert details(found, "E083") == [f"zz/astray: {name} says {right}"]


def test_a_layout_without_configuration_has_the_defaults(tmp_path: Path) -> None:
    root = make_root(tmp_path / "r")
    make_object(root / "3c0/ff4/240/object-01", object_id="object-01")
    layout(LAYOUT_0003)(root)
    assert codes(root) == {"W005"}
    layout("0006-flat-omit-prefix-storage-layout")(root)
    assert codes(root) == {"E083", "W005"}


def test_ids_that_a_layout_has_no_place_for(tmp_path: Path) -> None:
    root = make_root(tmp_path / "r")
    make_object(root / "a", object_id="urn:x:")
    name_layout(root, "0006-flat-omit-prefix-storage-layout", delimiter=":")
    assert details(validate_path(root), "E083") == ["a: 0006-flat-omit-prefix-storage-layout says that it has no place"]


def test_the_same_id_is_named_with_both_places(tmp_path: Path) -> None:
    root = make_root(tmp_path / "r", "a/one", "b/one", "c/one")
    write_inventory(make_object(root / "a/none"), b"[]")
    (root / "a/empty").mkdir()
    (root / "a/empty/0=ocfl_object_1.1").write_text("ocfl_object_1.1\n")
    found = details(validate_path(root), "E037")
    assert found == ["b/one: 'urn:x:one' is the id of a/one too", "c/one: 'urn:x:one' is the id of a/one too"]


def test_ids_are_remembered_by_eight_bytes() -> None:
    ids = ObjectIds()
    for number in (1, 2, 3, 2, 3, 3):
        ids.add(str(number))
    assert ids.repeated() == {short_digest("2"), short_digest("3")}


def test_folders_without_a_declaration_are_judged_by_what_they_hold(tmp_path: Path) -> None:
    objects = tmp_path / "objects"
    make_object(objects / "a/one")
    assert validate_path(objects).kind == "root"
    (tmp_path / "layout").mkdir()
    write("ocfl_layout.json", "{}")(tmp_path / "layout")
    assert validate_path(tmp_path / "layout").kind == "root"
    (tmp_path / "nothing/here").mkdir(parents=True)
    assert validate_path(tmp_path / "nothing").codes == ("E001", "E003", "E063")
    many = tmp_path / "many"
    for number in range(70):
        (many / str(number)).mkdir(parents=True)
    assert validate_path(many).kind == "object"
    (tmp_path / "versions/v1").mkdir(parents=True)
    assert validate_path(tmp_path / "versions").kind == "object"


def test_an_object_of_a_root_of_older_specification_may_stay(tmp_path: Path) -> None:
    root = make_root(tmp_path / "r")
    make_object(root / "one", spec="1.0")
    assert codes(root) == set()


def test_progress_counts_the_folders_of_a_root(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    validate_path(make_root(tmp_path / "r", "a/one", "b/two"), lambda done, total: seen.append((done, total)))
    assert seen == [(0, 2), (1, 2)]


def test_a_way_deeper_than_any_call_stack_is_walked(tmp_path: Path) -> None:
    root = make_root(tmp_path / "r", "a/one")
    here = os.open(root / "a", os.O_RDONLY)
    for _ in range(2100):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    found = validate_path(root)
    subprocess.run(["rm", "-rf", root / "a/d"], check=True)  # pytest's own cleaning recurses
    assert [missed.detail[:12] for missed in found.unchecked] == ["OSError: [Er"]
    assert "E073" not in found.codes
