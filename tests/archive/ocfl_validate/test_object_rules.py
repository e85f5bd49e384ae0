import hashlib
import json
import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.ocfl.validate import validate_path
from archive.ocfl.validate.file_digests import SMALL, FileReader
from archive.ocfl.validate.folders import NotRegularError, read_whole
from tests.archive.ocfl_validate.builders import (
    FILES,
    Change,
    codes,
    details,
    digest,
    inventory_of,
    make_object,
    numbered,
    rewrite,
    write_inventory,
)

Breaking = Callable[[Path], object]
DECLARATION = "0=ocfl_object_1.1"


def write(name: str, content: str | bytes = b"x") -> Breaking:
    def breaking(folder: Path) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    return breaking


def make(name: str) -> Breaking:
    return lambda folder: (folder / name).mkdir(parents=True)


def drop(name: str) -> Breaking:
    return lambda folder: shutil.rmtree(folder / name) if (folder / name).is_dir() else (folder / name).unlink()


def move(name: str, to: str) -> Breaking:
    return lambda folder: (folder / name).rename(folder / to)


def link(name: str) -> Breaking:
    def breaking(folder: Path) -> None:
        path = folder / name
        aside = folder.parent / "aside"
        path.rename(aside) if path.exists() else aside.mkdir()
        path.symlink_to(aside)

    return breaking


def second_name(name: str) -> Breaking:
    return lambda folder: (folder.parent / "other").hardlink_to(folder / name)


def pipe(name: str) -> Breaking:
    def breaking(folder: Path) -> None:
        (folder / name).unlink(missing_ok=True)
        os.mkfifo(folder / name)

    return breaking


def folder_in_place_of(name: str) -> Breaking:
    def breaking(folder: Path) -> None:
        drop(name)(folder)
        make(name)(folder)

    return breaking


BREAKINGS: list[tuple[str, Breaking]] = [
    ("E001", write("notes.txt")),
    ("E001", make("more")),
    ("E001", write("v2")),
    ("E001", write("inventory.json.sha256")),
    ("E058 E059", move("inventory.json.sha512", "inventory.json.sha256")),
    ("E001", folder_in_place_of("inventory.json.sha512")),
    ("E001", write("logs")),
    ("E003", drop(DECLARATION)),
    ("E003 E007", write("0=ocfl_object_1.0", "ocfl_object_1.0")),
    ("E002 E003 E004", move(DECLARATION, "=ocfl_object_1.1")),
    ("E002 E004", move(DECLARATION, "ocfl_object_1.1")),
    ("E004 E005", move(DECLARATION, "1=ocfl_object_1.1")),
    ("E004 E006", move(DECLARATION, "0=ocfl_object_1.5")),
    ("E004 E006", move(DECLARATION, "0=something")),
    ("E003", folder_in_place_of(DECLARATION)),
    ("E007", write(DECLARATION, "ocfl_object_1.1")),
    ("E007", write(DECLARATION, "ocfl_object_1.1\r\n")),
    ("E007", write(DECLARATION, "x" * 5000)),
    ("E007 E089", pipe(DECLARATION)),
    ("E008 E046", drop("v1")),
    ("E015", write("v1/notes.txt")),
    ("E015 E058", folder_in_place_of("v1/inventory.json.sha512")),
    ("E015 E092", move("v1/content/a.txt", "v1/a.txt")),
    ("E016 E092", drop("v1/content")),
    ("E023", write("v1/content/more.txt")),
    ("E023", lambda folder: Path(os.fsdecode(os.fsencode(folder) + b"/v1/content/\xff\xfe.txt")).write_bytes(b"x")),
    ("E024", make("v1/content/empty/deep")),
    ("E034 E063", move("inventory.json", "Inventory.json")),
    ("E034", move("v1/inventory.json", "v1/inventory.JSON")),
    ("E046", make("v2")),
    ("E046", write("v3/content/a.txt")),
    ("E058", drop("inventory.json.sha512")),
    ("E058", drop("v1/inventory.json.sha512")),
    ("E060", write("inventory.json.sha512", f"{'0' * 128} inventory.json\n")),
    ("E060", write("inventory.json.sha512", "é inventory.json")),
    ("E061", write("inventory.json.sha512", f"{'0' * 128} other.json\n")),
    ("E061", write("inventory.json.sha512", f"{'0' * 128} inventory.json\n" * 2)),
    ("E061", write("inventory.json.sha512", b"0" * 10_000)),
    ("E058 E089", pipe("v1/inventory.json.sha512")),
    ("E063", drop("inventory.json")),
    ("E063", folder_in_place_of("inventory.json")),
    ("E063 E089", pipe("inventory.json")),
    ("E015", folder_in_place_of("v1/inventory.json")),
    ("E064", lambda folder: rewrite(folder, lambda inventory: inventory.update(fixity={}))),
    ("E067", write("extensions/notes.txt")),
    ("E067", lambda folder: (make("extensions")(folder), write("extensions/notes.txt")(folder))),
    ("E089", pipe("v1/content/pipe")),
    ("E089", pipe("pipe")),
    ("E089", pipe("v1/content/a.txt")),
    ("E090", link("v1/content/a.txt")),
    ("E090", link("v1/content/d")),
    ("E090", link("v1/content")),
    ("E090", link("inventory.json")),
    ("E090", link("inventory.json.sha512")),
    ("E090", link(DECLARATION)),
    ("E090", link("v1/inventory.json")),
    ("E090", link("v1/more")),
    ("E090", link("extensions")),
    ("E090", lambda folder: (make("logs")(folder), link("logs/today")(folder))),
    ("E090", lambda folder: (make("extensions/initial")(folder), link("extensions/0000-x")(folder))),
    ("E090", lambda folder: (write("v1/aside/a")(folder), second_name("v1/aside/a")(folder))),
    ("E090", second_name("v1/content/a.txt")),
    ("E090", second_name("inventory.json")),
    ("E092", write("v1/content/a.txt", b"other\n")),
    ("E092", drop("v1/content/a.txt")),
]
WARNINGS: list[tuple[str, Breaking]] = [
    ("W002", write("v1/aside/a.txt")),
    ("W010", lambda folder: (drop("v1/inventory.json")(folder), drop("v1/inventory.json.sha512")(folder))),
    ("W012", make("logs/empty")),
    ("W013", make("extensions/ours")),
]
FINE: list[Breaking] = [
    make("logs"),
    write("logs/2026.log"),
    write("logs/deep/er/2026.log"),
    make("extensions"),
    write("extensions/initial/config.json", "{}"),
    lambda folder: write(
        "inventory.json.sha512",
        (folder / "inventory.json.sha512").read_text().upper().replace("INVENTORY.JSON", "\tinventory.json").strip(),
    )(folder),
]


@pytest.mark.parametrize(("expected", "breaking"), BREAKINGS, ids=numbered(BREAKINGS))
def test_a_broken_object_raises_its_code(tmp_path: Path, expected: str, breaking: Breaking) -> None:
    folder = make_object(tmp_path / "o")
    breaking(folder)
    found = validate_path(folder)
    assert set(expected.split()) <= set(found.codes)
    assert not found.valid
    assert not found.unchecked


@pytest.mark.parametrize(("expected", "breaking"), WARNINGS, ids=numbered(WARNINGS))
def test_what_should_not_be_is_a_warning(tmp_path: Path, expected: str, breaking: Breaking) -> None:
    folder = make_object(tmp_path / "o")
    breaking(folder)
    found = validate_path(folder)
    assert (found.codes, found.valid) == ((expected,), True)


@pytest.mark.parametrize("addition", FINE, ids=map(str, range(len(FINE))))
def test_what_may_be_is_no_finding(tmp_path: Path, addition: Breaking) -> None:
    folder = make_object(tmp_path / "o", versions=2)
    addition(folder)
    assert validate_path(folder).findings == ()


def test_an_empty_content_directory_is_a_warning_where_the_version_has_no_files(tmp_path: Path) -> None:
    folder = make_object(tmp_path / "o")
    inventory = inventory_of(1)
    inventory["versions"]["v2"] = inventory["versions"]["v1"]
    inventory["head"] = "v2"
    (folder / "v2/content").mkdir(parents=True)
    for place in (folder, folder / "v2"):
        write_inventory(place, json.dumps(inventory).encode())
    assert codes(folder) == {"W003"}


def test_every_code_names_the_place(tmp_path: Path) -> None:
    folder = make_object(tmp_path / "o")
    (folder / "v1/content/a.txt").write_bytes(b"other\n")
    (folder / "v1/content/d/b.bin").unlink()
    found = validate_path(folder)
    assert sorted((one.code, one.path, one.object) for one in found.findings) == [
        ("E024", "v1/content/d", ""),
        ("E092", "v1/content/a.txt", ""),
        ("E092", "v1/content/d/b.bin", ""),
    ]
    assert details(found, "E092")[0].endswith(f"sha512 is {digest(b'other' + bytes([10]))}, expected {digest(FILES['a.txt'])}")


def test_nothing_is_written_and_no_link_is_followed(tmp_path: Path) -> None:
    outside = make_object(tmp_path / "outside")
    folder = make_object(tmp_path / "o")
    (folder / "extensions").symlink_to(outside)
    (folder / "v1/loop").symlink_to(folder)
    before = {path: path.lstat().st_mtime_ns for path in tmp_path.rglob("*")}
    found = validate_path(folder)
    assert {finding.path for finding in found.findings} == {"extensions", "v1/loop"}
    assert before == {path: path.lstat().st_mtime_ns for path in tmp_path.rglob("*")}


def test_a_path_that_is_itself_a_link_is_what_it_points_at(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(make_object(tmp_path / "o"))
    assert validate_path(tmp_path / "link").valid


def test_prior_inventories_tell_the_same_history(tmp_path: Path) -> None:
    def after(*changes: Change) -> set[str]:
        folder = make_object(tmp_path / str(len(list(tmp_path.iterdir()))), versions=3)
        for number, change in enumerate(changes, 1):
            rewrite(folder, change, f"v{number}")
        return codes(folder)

    assert after() == set()
    assert after(lambda prior: prior.update(id="urn:x:2")) == {"E037", "E110"}
    assert after(lambda prior: prior["versions"]["v1"].update(message="other")) == {"W011"}
    assert after(lambda prior: prior["versions"]["v1"]["state"].update({digest(b"alpha\n"): ["b.txt"]})) == {"E066"}
    assert after(lambda prior: prior.update(head="v2")) == {"E040"}
    assert after(bool, lambda prior: prior.update(type="https://ocfl.io/1.0/spec/#inventory")) == {"E103"}
    assert after(lambda prior: prior.update(type="https://ocfl.io/1.0/spec/#inventory")) == set()
    assert after(lambda prior: prior.update(type="x")) == {"E038"}
    assert after(bool, lambda prior: prior.update(contentDirectory="content")) == {"E019"}
    assert after(lambda prior: prior.update(contentDirectory="content")) == set()
    assert after(lambda prior: prior.update(contentDirectory="stuff")) >= {"E019", "E020"}
    assert after(lambda prior: prior.update(contentDirectory="a/b")) == {"E017", "E108"}
    assert after(lambda prior: prior["manifest"].update({digest(b"alpha\n"): ["v1/content/gone.txt"]})) == {"E023", "E092"}


def test_a_prior_inventory_with_the_paths_in_another_order_is_the_same(tmp_path: Path) -> None:
    folder = make_object(
        tmp_path / "o", versions=2, change=lambda inventory: inventory["versions"]["v1"]["state"].update({digest(b"alpha\n"): ["a", "b"]})
    )
    rewrite(folder, lambda prior: prior["versions"]["v1"]["state"].update({digest(b"alpha\n"): ["b", "a"]}), "v1")
    assert codes(folder) == set()


def prior_in_sha256(folder: Path, *, state: dict[str, bytes]) -> None:
    """Replace the inventory of v1 by one in sha256 with another state."""
    inventory = inventory_of(1, algorithm="sha256")
    inventory["versions"]["v1"]["state"] = {digest(content, "sha256"): [name] for name, content in state.items()}
    (folder / "v1/inventory.json.sha512").unlink(missing_ok=True)
    write_inventory(folder / "v1", json.dumps(inventory).encode(), "sha256")


def test_a_prior_inventory_may_use_another_algorithm(tmp_path: Path) -> None:
    folder = make_object(tmp_path / "o", versions=2)
    prior_in_sha256(folder, state=FILES)
    assert codes(folder) == {"W004"}
    prior_in_sha256(folder, state={"a.txt": FILES["a.txt"]})
    assert codes(folder) >= {"E066", "W004"}
    prior_in_sha256(folder, state={"a.txt": FILES["d/b.bin"], "d/b.bin": FILES["a.txt"]})
    assert codes(folder) == {"E066", "W004"}


def test_damage_is_found_by_the_digests_of_every_inventory(tmp_path: Path) -> None:
    folder = make_object(tmp_path / "o", versions=2)
    prior_in_sha256(folder, state=FILES)
    (folder / "v1/content/a.txt").write_bytes(b"other\n")
    found = details(validate_path(folder), "E092")
    assert [one.split(" is ")[0] for one in found] == ["v1/content/a.txt: sha512", "v1/content/a.txt: sha256"]


def test_an_algorithm_that_nobody_may_use_for_content_is_not_computed(tmp_path: Path) -> None:
    folder = make_object(tmp_path / "o", change=lambda inventory: inventory.update(digestAlgorithm="whirlpool"))
    assert codes(folder) == {"E025"}
    (folder / "inventory.json.sha512").unlink()
    assert codes(folder) == {"E025", "E058"}


def test_an_inventory_that_is_none_still_has_a_digest_file(tmp_path: Path) -> None:
    folder = make_object(tmp_path / "o", versions=2)
    write_inventory(folder / "v1", b"[]")
    assert codes(folder) == {"E033"}
    (folder / "inventory.json").write_bytes(b"[]")
    assert codes(folder) == {"E033", "E060"}


def test_a_second_version_directory_that_holds_no_content_is_fine(tmp_path: Path) -> None:
    folder = make_object(tmp_path / "o")
    inventory = inventory_of(1)
    inventory["versions"]["v2"] = inventory["versions"]["v1"]
    inventory["head"] = "v2"
    (folder / "v2").mkdir()
    for place in (folder, folder / "v2"):
        write_inventory(place, json.dumps(inventory).encode())
    assert codes(folder) == set()


def test_a_prior_inventory_of_no_known_algorithm_says_nothing_of_the_content(tmp_path: Path) -> None:
    folder = make_object(tmp_path / "o", versions=2)
    rewrite(folder, lambda prior: prior.update(digestAlgorithm="whirlpool"), "v1")
    assert codes(folder) == {"E025"}


def test_large_files_are_read_in_blocks(tmp_path: Path) -> None:
    content = bytes(range(256)) * (SMALL // 256) * 3 + b"end"
    path = tmp_path / "large.bin"
    path.write_bytes(content)
    reader = FileReader()
    facts = reader.read(str(path), ("sha512", "size", "md5"))
    assert facts == ([digest(content), str(len(content)), digest(content, "md5")], 1, len(content))
    small = tmp_path / "small"
    small.write_bytes(b"x")
    assert reader.read(str(small), ("size", "blake2b-160")).digests == ["1", hashlib.blake2b(b"x", digest_size=20).hexdigest()]


def test_large_content_is_compared(tmp_path: Path) -> None:
    folder = make_object(tmp_path / "o")
    large = bytes(SMALL)
    (folder / "v1/content/a.txt").write_bytes(large)
    for place in ("", "v1"):
        rewrite(folder, lambda inventory: inventory["manifest"].update({digest(large): ["v1/content/a.txt"]}), place)
        rewrite(folder, lambda inventory: inventory["versions"]["v1"]["state"].update({digest(large): ["a.txt"]}), place)
        rewrite(folder, lambda inventory: inventory["versions"]["v1"]["state"].pop(digest(FILES["a.txt"])), place)
        rewrite(folder, lambda inventory: inventory["manifest"].pop(digest(FILES["a.txt"])), place)
    assert codes(folder) == set()


def test_what_takes_the_place_of_a_file_meanwhile_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    os.mkfifo(path)
    with pytest.raises(NotRegularError):
        FileReader().read(str(path), ("sha512",))
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(tmp_path / "s"))
        with pytest.raises(OSError, match="such device"):
            FileReader().read(str(tmp_path / "s"), ("sha512",))


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="only where /proc shows files of no length")
def test_a_file_that_is_longer_than_its_length_is_read_to_its_end() -> None:
    facts = FileReader().read("/proc/self/status", ("size",))
    assert int(facts.digests[0]) > 100
    content, links = read_whole("/proc/self/status", 4096)
    assert content.startswith(b"Name:")
    assert links == 1
