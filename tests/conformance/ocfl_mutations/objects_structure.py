"""Objects whose folders and declarations are wrong: sections 3.1 to 3.3 of the specification, and 4.6 on links."""

import os
import shutil

from tests.conformance.ocfl_mutations.cases import of_object
from tests.conformance.ocfl_mutations.drafts import ALPHA, FIRST, GAMMA, SECOND, Draft
from tests.conformance.ocfl_mutations.edits import (
    after,
    also_stored,
    declared,
    file,
    folder,
    gone,
    key,
    moved,
    newest,
    text_of,
)

TWO = (FIRST, SECOND)
TEN = tuple({"a.txt": str(number).encode()} for number in range(10))


def _renumbered(draft: Draft, names: tuple[str, ...]) -> None:
    """The versions of a draft under other names, on the disk and in every inventory."""
    renames = dict(zip(draft.inventories, names, strict=True))
    draft.files = {_renamed(path, renames): content for path, content in draft.files.items()}
    draft.inventories = {renames[name]: inventory for name, inventory in draft.inventories.items()}
    for inventory in draft.inventories.values():
        inventory["head"] = renames[inventory["head"]]
        inventory["versions"] = {renames[name]: block for name, block in inventory["versions"].items()}
        for paths in inventory["manifest"].values():
            paths[:] = [_renamed(path, renames) for path in paths]


def _renamed(path: str, renames: dict[str, str]) -> str:
    first, slash, rest = path.partition("/")
    return f"{renames.get(first, first)}{slash}{rest}"


def _no_versions(draft: Draft) -> None:
    (inventory,) = draft.inventories.values()
    inventory.update(manifest={}, versions={})
    draft.files = {path: content for path, content in draft.files.items() if "/" not in path}
    draft.unlisted = {"v1"}
    draft.after.append(lambda place: (place / "v1").rmdir() if (place / "v1").exists() else None)


STRUCTURE = (
    of_object("E001_file_in_the_object_root", "3.1", "a file stands beside the inventory", file("notes.txt")),
    of_object("E001_hidden_file_in_the_object_root", "3.1", "a hidden file is a file: .DS_Store", file(".DS_Store")),
    of_object("E001_folder_in_the_object_root", "3.1", "a folder of no version, not logs, not extensions", file("drafts/a.txt")),
    of_object(
        "E001_sidecar_of_another_algorithm_more",
        "3.1",
        "a second sidecar, of sha256",
        file("inventory.json.sha256", b"0" * 64 + b" inventory.json\n"),
    ),
    of_object("E001_logs_is_a_file", "3.8", "logs may be a folder, not a file", file("logs")),
    of_object("E001_extensions_is_a_file", "3.9", "extensions may be a folder, not a file", file("extensions")),
    of_object("E001_temporary_inventory_left", "3.1", "a writer was interrupted: inventory.json.tmp", file("inventory.json.tmp", b"{}")),
    of_object("E003_no_declaration", "3.2", "the declaration is missing", gone("0=ocfl_object_1.1")),
    of_object(
        "E003_two_declarations",
        "3.2",
        "declarations of 1.0 and 1.1: exactly one is allowed",
        file("0=ocfl_object_1.0", b"ocfl_object_1.0\n"),
    ),
    of_object(
        "E003_declaration_is_a_folder",
        "3.2",
        "a folder bears the name; the declaration must be a file",
        gone("0=ocfl_object_1.1"),
        folder("x"),
        moved("x", "0=ocfl_object_1.1"),
    ),
    of_object(
        "E002_E003_E004_declaration_without_equals_sign",
        "3.2",
        "0-ocfl_object_1.1 is not T=dvalue, so no NAMASTE tag",
        declared("0-ocfl_object_1.1", b"ocfl_object_1.1\n"),
    ),
    of_object("E003_E005_declaration_with_tag_1", "3.2", "1=ocfl_object_1.1: T must be 0", declared("1=ocfl_object_1.1")),
    of_object(
        "E006_declaration_of_another_word",
        "3.2",
        "0=oxford_object_1.1: dvalue must be ocfl_object_ and the version",
        declared("0=oxford_object_1.1"),
    ),
    of_object(
        "E006_declaration_in_upper_case", "3.2", "0=OCFL_OBJECT_1.1: names are case sensitive (section 4.6)", declared("0=OCFL_OBJECT_1.1")
    ),
    of_object(
        "E006_declaration_without_version", "3.2", "0=ocfl_object_ names no version of the specification", declared("0=ocfl_object_")
    ),
    of_object(
        "E006_declaration_of_a_version_in_words",
        "3.2",
        "0=ocfl_object_one: versions have numbers",
        declared("0=ocfl_object_one"),
    ),
    of_object("E007_declaration_without_newline", "3.2", "the line feed is missing", declared("0=ocfl_object_1.1", b"ocfl_object_1.1")),
    of_object("E007_declaration_with_carriage_return", "3.2", "CR LF instead of LF", declared("0=ocfl_object_1.1", b"ocfl_object_1.1\r\n")),
    of_object("E007_declaration_empty", "3.2", "nothing in the file", declared("0=ocfl_object_1.1", b"")),
    of_object(
        "E007_declaration_of_another_version_inside",
        "3.2",
        "the name says 1.1, the text 1.0",
        declared("0=ocfl_object_1.1", b"ocfl_object_1.0\n"),
    ),
    of_object(
        "E007_declaration_with_two_newlines",
        "3.2",
        "dvalue and a newline, nothing after",
        declared("0=ocfl_object_1.1", b"ocfl_object_1.1\n\n"),
    ),
    of_object("E008_no_versions", "3.3", "versions is empty and there is no version folder", _no_versions),
    of_object("E009_versions_start_at_2", "3.3", "v2 and v3", lambda d: _renumbered(d, ("v2", "v3")), versions=TWO),
    of_object("E010_version_missing_in_the_middle", "3.3", "v1 and v3", lambda d: _renumbered(d, ("v1", "v3")), versions=TWO),
    of_object("E011_padded_versions_run_over", "3.3", "v01 to v09, then v10: padded names start with v0", versions=TEN, width=2),
    of_object("E012_versions_padded_to_two_widths", "3.3", "v01 and v002", lambda d: _renumbered(d, ("v01", "v002")), versions=TWO),
    of_object(
        "E013_padding_begun_later",
        "3.3",
        "v1 and v02: the first version sets the convention",
        lambda d: _renumbered(d, ("v1", "v02")),
        versions=TWO,
    ),
    of_object(
        "E013_padding_given_up_later",
        "3.3",
        "v01 and v2: the first version sets the convention",
        lambda d: _renumbered(d, ("v01", "v2")),
        versions=TWO,
    ),
    of_object(
        "E014_manifest_names_versions_otherwise",
        "3.3",
        "the folder is v001, the manifest says v1",
        text_of('"v001/content/', '"v1/content/'),
        width=3,
    ),
    of_object("E104_version_without_its_letter", "3.3", "the version is called 1", lambda d: _renumbered(d, ("1",))),
    of_object("E104_version_with_upper_case_letter", "3.3", "the version is called V1", lambda d: _renumbered(d, ("V1",))),
    of_object("E105_version_0", "3.3", "v0 and v1: numbers are positive", lambda d: _renumbered(d, ("v0", "v1")), versions=TWO),
    of_object(
        "E105_version_with_a_fraction", "3.3", "v1 and v1.5: numbers are integers", lambda d: _renumbered(d, ("v1", "v1.5")), versions=TWO
    ),
    of_object(
        "E105_version_in_arabic_digits",
        "3.3",
        "v1 and v and an Arabic-Indic two: base-ten integers are 1, 2, 3",
        lambda d: _renumbered(d, ("v1", "v\u0662")),
        versions=TWO,
    ),
    of_object("E015_file_in_a_version", "3.3", "a file stands beside the content folder", file("v1/notes.txt")),
    of_object(
        "E015_content_beside_the_content_folder", "3.3", "a preserved file lies in v1 itself", also_stored("c.txt", GAMMA, "v1/c.txt")
    ),
    of_object(
        "E016_content_folder_missing",
        "3.3.1",
        "the manifest has files of v1, but v1/content is gone",
        after(lambda p: shutil.rmtree(p / "v1/content")),
    ),
    of_object(
        "E017_content_directory_with_a_slash",
        "3.3.1",
        "contentDirectory is con/tent, and the files lie there",
        key("contentDirectory", "con/tent"),
        directory="con/tent",
    ),
    of_object("E018_content_directory_is_a_dot", "3.3.1", "contentDirectory is .", key("contentDirectory", ".")),
    of_object("E018_content_directory_is_two_dots", "3.3.1", "contentDirectory is ..", key("contentDirectory", "..")),
    of_object("E108_content_directory_empty", "3.3.1", "an empty name is no child of the version folder", key("contentDirectory", "")),
    of_object("E108_content_directory_is_a_number", "3.3.1", "a number is no folder", key("contentDirectory", 7)),
    of_object(
        "E019_content_directory_set_in_v2",
        "3.3.1",
        "only v2 says contentDirectory (content): it must be set in the first version",
        newest(lambda i: i.update(contentDirectory="content")),
        versions=TWO,
    ),
    of_object(
        "E020_content_directory_changed",
        "3.3.1",
        "v1 says data, v2 says other",
        newest(lambda i: i.update(contentDirectory="other")),
        versions=TWO,
        directory="data",
        says_directory=True,
    ),
    of_object(
        "E020_content_directory_given_up",
        "3.3.1",
        "v1 says data, v2 does not say, so content",
        newest(lambda i: i.pop("contentDirectory")),
        versions=TWO,
        directory="data",
        says_directory=True,
    ),
    of_object(
        "E021_content_in_a_folder_that_no_key_names", "3.3.1", "the files lie in v1/data and no contentDirectory says so", directory="data"
    ),
    of_object("E023_file_that_no_manifest_lists", "3.3.1", "a file in v1/content", file("v1/content/extra.txt")),
    of_object(
        "E023_file_deep_in_folders_that_no_manifest_lists", "3.3.1", "a file in v1/content/x/y/z", file("v1/content/x/y/z/extra.txt")
    ),
    of_object(
        "E023_file_of_the_same_content_not_listed",
        "3.3.1",
        "a second copy of a listed file: its path is not in the manifest",
        file("v1/content/copy.txt", ALPHA),
    ),
    of_object("E023_empty_file_not_listed", "3.3.1", "a .keep that no manifest lists", file("v1/content/d/.keep", b"")),
    of_object(
        "E023_file_in_an_old_version_not_listed",
        "3.3.1",
        "a file in v1/content of an object with two versions",
        file("v1/content/extra.txt"),
        versions=TWO,
    ),
    of_object(
        "E023_file_name_in_another_case",
        "4.6",
        "the disk has A.txt, the manifest a.txt: names are case sensitive",
        moved("v1/content/a.txt", "v1/content/A.txt"),
    ),
    of_object(
        "E023_E092_file_name_in_another_unicode_form",
        "4.6",
        "composed in the manifest, decomposed on the disk",
        also_stored("é.txt", GAMMA, "v1/content/\u00e9.txt"),
        moved("v1/content/\u00e9.txt", "v1/content/e\u0301.txt"),
    ),
    of_object(
        "E023_file_name_that_is_no_utf8",
        "3.3.1",
        "bytes that no JSON string can name",
        after(lambda p: _write_bytes_name(p, b"v1/content/\xff\xfe.txt")),
    ),
    of_object("E024_empty_folder_in_content", "3.3.1", "an empty folder in v1/content", folder("v1/content/empty")),
    of_object("E024_empty_folders_in_one_another", "3.3.1", "v1/content/x/y/z without a file", folder("v1/content/x/y/z")),
    of_object(
        "E046_version_folder_not_in_the_inventory",
        "3.5.3",
        "a complete v2 on the disk, the object's inventory is that of v1",
        lambda d: setattr(d, "own", d.inventories["v1"]),
        versions=TWO,
    ),
    of_object("E046_version_folder_half_written", "3.5.3", "v2/content on the disk, without inventories", file("v2/content/c.txt")),
    of_object(
        "E046_version_folder_missing",
        "3.5.3",
        "v2 is in the inventory only; it brought no content",
        lambda d: d.unlisted.add("v2"),
        after(lambda p: (p / "v2").rmdir() if (p / "v2").exists() else None),
        versions=(FIRST, {"a.txt": ALPHA}),
    ),
    of_object(
        "E046_version_is_a_file",
        "3.5.3",
        "v2 is a file, not a folder",
        lambda d: d.unlisted.add("v2"),
        after(lambda p: (p / "v2").write_bytes(b"")),
        versions=(FIRST, {"a.txt": ALPHA}),
    ),
)


def _write_bytes_name(folder: os.PathLike[str], name: bytes) -> None:
    with open(os.fsencode(folder) + b"/" + name, "wb") as stream:  # noqa: PTH123 - pathlib takes no bytes
        stream.write(b"x")
