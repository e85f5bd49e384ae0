"""Storage roots: section 4 of the specification, with the layouts 0002, 0003, 0004, 0006 and 0007."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.conformance.ocfl_mutations.drafts import FIRST, SECOND, draft
from tests.conformance.ocfl_mutations.edits import file, gone, version_key
from tests.conformance.ocfl_mutations.root_drafts import (
    FLAT,
    FLAT_WITHOUT_PREFIX,
    HASH_AND_ID,
    HASH_AND_ID_WITHOUT_PREFIX,
    HASHED,
    IDENTIFIERS,
    LAYOUTS,
    TUPLES_OF_SIZES,
    TUPLES_WITHOUT_PREFIX,
    RootDraft,
    afterwards,
    at,
    first_object,
    holds,
    holds_folder,
    lacks,
    layout_says,
    of_root,
)

LONG = "urn:example:" + "long-" * 60
ODD = ("..Hor/rib:lè-$id", "urn:example:Bản đồ", "a", "100%")
PLACE = LAYOUTS[HASH_AND_ID]("urn:example:more", {})


def _first(root: Path) -> Path:
    """The folder of one object."""
    return min(path.parent for path in root.rglob("0=ocfl_object_*"))


def _declared(name: str, content: bytes | None = None) -> Any:
    def edit(root: RootDraft) -> None:
        del root.files["0=ocfl_1.1"]
        root.files[name] = f"{name.partition('=')[2]}\n".encode() if content is None else content

    return edit


def _objects_at(*paths: str) -> Any:
    """Objects at these paths, and no others."""

    def edit(root: RootDraft) -> None:
        root.objects = {path: draft(identifier=f"urn:example:{number}") for number, path in enumerate(paths)}

    return edit


def _link_object(root: Path) -> None:
    place = _first(root)
    moved = root / "aside"
    place.rename(moved)
    place.symlink_to(os.path.relpath(moved, place.parent))


ROOTS = (
    of_root("E069_E076_no_declaration", "4.1", "a layout file and objects, but no declaration", lacks("0=ocfl_1.1")),
    of_root("E076_two_declarations", "4.2", "declarations of 1.0 and 1.1: exactly one is allowed", holds("0=ocfl_1.0", b"ocfl_1.0\n")),
    of_root(
        "E075_E077_declaration_without_equals_sign",
        "4.2",
        "0-ocfl_1.1 is not T=dvalue, so no NAMASTE tag",
        _declared("0-ocfl_1.1", b"ocfl_1.1\n"),
    ),
    of_root("E078_declaration_with_tag_1", "4.2", "1=ocfl_1.1: T must be 0", _declared("1=ocfl_1.1")),
    of_root("E079_declaration_of_another_word", "4.2", "0=oxford_1.1: dvalue must be ocfl_ and the version", _declared("0=oxford_1.1")),
    of_root("E079_declaration_in_upper_case", "4.2", "0=OCFL_1.1: names are case sensitive (section 4.6)", _declared("0=OCFL_1.1")),
    of_root("E080_declaration_without_newline", "4.2", "the line feed is missing", _declared("0=ocfl_1.1", b"ocfl_1.1")),
    of_root("E080_declaration_with_carriage_return", "4.2", "CR LF instead of LF", _declared("0=ocfl_1.1", b"ocfl_1.1\r\n")),
    of_root("E080_declaration_empty", "4.2", "nothing in the file", _declared("0=ocfl_1.1", b"")),
    of_root("E070_layout_without_extension", "4.1", "extension is missing", layout_says({"description": "by identifier"})),
    of_root("E070_layout_without_description", "4.1", "description is missing", layout_says({"extension": HASH_AND_ID})),
    of_root("E070_layout_is_an_array", "4.1", "a JSON object is prescribed", layout_says([HASH_AND_ID])),
    of_root("E070_layout_is_no_json", "4.1", "a line of text", layout_says(b"0003-hash-and-id-n-tuple-storage-layout\n")),
    of_root("E070_layout_empty", "4.1", "nothing in the file", layout_says(b"")),
    of_root(
        "E070_layout_in_utf16",
        "4.1",
        "UTF-8 is prescribed",
        layout_says(f'{{"extension": "{HASH_AND_ID}", "description": "x"}}'.encode("utf-16")),
    ),
    of_root(
        "E071_layout_not_registered",
        "4.1",
        "our-own-layout is in no register",
        layout_says({"extension": "our-own-layout", "description": "by identifier"}),
    ),
    of_root(
        "E071_layout_is_a_number", "4.1", "3 is no registered extension name", layout_says({"extension": 3, "description": "by identifier"})
    ),
    of_root(
        "E071_or_E083_object_not_where_the_layout_puts_it",
        "4.3",
        "the layout is 0003, one object lies elsewhere",
        lambda r: r.objects.update({"aaa/bbb/ccc/more": draft(identifier="urn:example:more")}),
    ),
    of_root(
        "E071_or_E083_objects_of_another_layout",
        "4.1",
        "the layout file says 0002, the objects lie by 0003",
        layout_says({"extension": FLAT, "description": "flat"}),
    ),
    of_root(
        "E072_E084_file_in_the_hierarchy",
        "4.3",
        "a file on the way to an object",
        afterwards(lambda p: (_first(p).parent / "notes.txt").write_bytes(b"x")),
    ),
    of_root(
        "E072_E084_hidden_file_in_the_hierarchy",
        "4.3",
        "a .DS_Store on the way to an object",
        afterwards(lambda p: (_first(p).parent.parent / ".DS_Store").write_bytes(b"x")),
    ),
    of_root(
        "E072_E084_E085_branch_that_ends_with_a_file",
        "4.3",
        "folders that lead to a file, not to an object",
        holds("aaa/bbb/ccc/notes.txt"),
    ),
    of_root(
        "E003_or_E072_object_without_declaration",
        "4.3",
        "an object lost its declaration, so its files are part of no object",
        afterwards(lambda p: (_first(p) / "0=ocfl_object_1.1").unlink()),
    ),
    of_root("E072_E088_folder_of_something_else", "4.1", "a folder logs with files", holds("logs/2026-01.log")),
    of_root("E073_empty_folder", "4.1", "an empty folder in the root", holds_folder("empty")),
    of_root(
        "E072_or_E074_or_E084_storage_root_in_a_storage_root",
        "4.1",
        "a whole storage root in a folder of another: its declaration is part of no object, and the two are not independent",
        lambda r: r.objects.update({"inner/one": draft(identifier="urn:example:inner")}),
        holds("inner/0=ocfl_1.1", b"ocfl_1.1\n"),
        told=False,
    ),
    of_root(
        "E073_empty_folder_deep_in_the_hierarchy",
        "4.1",
        "an empty folder on the way to an object",
        afterwards(lambda p: (_first(p).parent / "empty").mkdir()),
    ),
    of_root("E073_empty_folders_in_one_another", "4.1", "folders that lead nowhere", holds_folder("aaa/bbb/ccc")),
    of_root("E081_object_newer_than_the_root", "4.2", "root of 1.0, an object of 1.1", ocfl="1.0"),
    of_root(
        "E082_object_in_an_object",
        "4.3",
        "an object root is the end of its branch",
        lambda r: r.objects.update({f"{next(iter(r.objects))}/inner": draft(identifier="urn:example:inner")}),
    ),
    of_root(
        "E037_E083_two_objects_with_one_id",
        "4.3",
        "one identifier, two places: the mapping is to a unique path",
        at("aaa/bbb/ccc/copy", IDENTIFIERS[0]),
        told=False,
    ),
    of_root("E090_object_is_a_link", "4.6", "an object is a symbolic link", afterwards(_link_object)),
    of_root(
        "E090_link_in_the_hierarchy",
        "4.6",
        "a folder on the way is a symbolic link",
        afterwards(lambda p: (p / "aaa").symlink_to(_first(p).parent.name)),
    ),
    of_root(
        "E090_link_to_the_root_in_the_hierarchy",
        "4.6",
        "following it never ends",
        afterwards(lambda p: (_first(p).parent / "up").symlink_to("../../..")),
    ),
    of_root(
        "E090_link_in_content_of_an_object",
        "4.6",
        "a symbolic link in an object of the root",
        afterwards(lambda p: (_first(p) / "v1/content/x").symlink_to("a.txt")),
    ),
    of_root("E112_file_in_extensions", "4.4", "only folders of extensions", holds("extensions/notes.txt")),
    of_root(
        "E092_content_of_an_object_changed",
        "3.5.2",
        "one byte of one object of three differs",
        first_object(file("v1/content/a.txt", b"alphA\n")),
    ),
    of_root("E063_object_without_inventory", "3.7", "one object of three lost its inventory", first_object(gone("inventory.json"))),
    of_root(
        "E060_object_with_a_wrong_sidecar",
        "3.6",
        "one object of three",
        first_object(lambda d: d.after.append(lambda p: (p / "inventory.json.sha512").write_text("0" * 128 + " inventory.json\n"))),
    ),
    of_root(
        "E003_object_with_two_declarations", "3.2", "one object of three", first_object(file("0=ocfl_object_1.0", b"ocfl_object_1.0\n"))
    ),
    of_root("W005_object_with_an_odd_id", "3.5.1", "identifiers that are no URI, at their places by 0003", identifiers=ODD),
    of_root("W008_object_without_address", "3.5.3.1", "one object of three", first_object(version_key("user", {"name": "Mai"}))),
    of_root(
        "W014_two_patterns",
        "4.3",
        "three folders deep and two folders deep, no layout file",
        _objects_at("aaa/bbb/ccc/one", "aaa/bbb/ccd/two", "ab/cd/three"),
        told=False,
    ),
    replace(
        of_root(
            "W015_top_level_and_hierarchy",
            "4.3",
            "one object directly in the root, others in folders, no layout file",
            _objects_at("aaa/bbb/one", "aaa/bbc/two", "three"),
            told=False,
        ),
        may=frozenset({"W014"}),
    ),
    of_root(
        "W016_extension_not_registered", "4.4", "a name that the register does not have", holds("extensions/our-own/config.json", b"{}")
    ),
    of_root("good_root", "4.1", "three objects by layout 0003"),
    of_root("good_root_empty", "4.1", "a declaration and nothing else", identifiers=(), told=False),
    of_root("good_root_without_layout_file", "4.1", "the layout file is optional", told=False),
    of_root("good_root_of_1_0", "4.2", "root and objects of 1.0", ocfl="1.0", object_ocfl="1.0"),
    of_root("good_root_with_older_objects", "4.2", "root of 1.1, objects of 1.0", object_ocfl="1.0"),
    of_root("good_root_with_a_newer_object_beside_older", "3.7.1", "objects of 1.0 and 1.1 in a root of 1.1", at(PLACE), object_ocfl="1.0"),
    of_root(
        "good_root_with_two_versions",
        "4.1",
        "an object of two versions",
        lambda r: r.objects.update({PLACE: draft(FIRST, SECOND, identifier="urn:example:more")}),
    ),
    of_root(
        "good_root_with_files_beside",
        "4.1",
        "files directly in the root that a validator does not understand are ignored",
        holds("README.txt"),
        holds("ocfl_1.1.md"),
        holds("index.sqlite"),
        holds(".hidden"),
    ),
    of_root(
        "good_root_with_registered_extensions",
        "4.4",
        "folders of registered extensions, whatever they hold",
        holds("extensions/0001-digest-algorithms/x/notes.txt"),
        holds("extensions/0008-schema-registry/config.json", b"{}"),
    ),
    of_root(
        "good_layout_with_more_keys",
        "4.1",
        "ocfl_layout.json must have two keys, others are not forbidden",
        layout_says({"extension": HASH_AND_ID, "description": "by identifier", "note": "ours"}),
    ),
    of_root("good_layout_0002", "4.1", "identifiers are the folders", layout=FLAT),
    of_root(
        "good_layout_0003_with_other_parameters",
        "4.1",
        "md5, two tuples of five",
        layout=HASH_AND_ID,
        config={"digestAlgorithm": "md5", "tupleSize": 5, "numberOfTuples": 2},
    ),
    of_root(
        "good_layout_0003_with_the_default_parameters_told",
        "4.1",
        "sha256, three tuples of three",
        layout=HASH_AND_ID,
        config={"digestAlgorithm": "sha256", "tupleSize": 3, "numberOfTuples": 3},
    ),
    of_root(
        "good_layout_0003_with_a_digest_of_extension_0009",
        "4.1",
        "blake2b-160 of extension 0009, one tuple of seven",
        layout=HASH_AND_ID,
        config={"digestAlgorithm": "blake2b-160", "tupleSize": 7, "numberOfTuples": 1},
    ),
    of_root(
        "good_layout_0003_without_tuples",
        "4.1",
        "no tuples: encoded identifiers directly in the root",
        layout=HASH_AND_ID,
        config={"tupleSize": 0, "numberOfTuples": 0},
    ),
    of_root("good_layout_0003_long_identifier", "4.1", "an encoded identifier of more than 100 characters", identifiers=(LONG,)),
    of_root("good_layout_0004", "4.1", "the default of other implementations", layout=HASHED),
    of_root(
        "good_layout_0004_short",
        "4.1",
        "md5, fifteen tuples of two, the rest as the last folder",
        layout=HASHED,
        config={"digestAlgorithm": "md5", "tupleSize": 2, "numberOfTuples": 15, "shortObjectRoot": True},
    ),
    of_root(
        "good_layout_0004_without_tuples",
        "4.1",
        "the digest directly in the root",
        layout=HASHED,
        config={"tupleSize": 0, "numberOfTuples": 0},
    ),
    of_root("good_layout_0006", "4.1", "what follows the last colon", layout=FLAT_WITHOUT_PREFIX, config={"delimiter": ":"}),
    of_root(
        "good_layout_0006_with_a_word",
        "4.1",
        "what follows edu/, found in either case",
        layout=FLAT_WITHOUT_PREFIX,
        config={"delimiter": "edu/"},
        identifiers=("https://institution.edu/3448793", "https://institution.EDU/abc.f8"),
    ),
    of_root(
        "good_layout_0007",
        "4.1",
        "tuples of what follows the last colon, padded on the left",
        layout=TUPLES_WITHOUT_PREFIX,
        config={"delimiter": ":"},
    ),
    of_root(
        "good_layout_0007_reversed",
        "4.1",
        "two tuples of four of the reversed rest",
        layout=TUPLES_WITHOUT_PREFIX,
        config={"delimiter": ":", "tupleSize": 4, "numberOfTuples": 2, "zeroPadding": "left", "reverseObjectRoot": True},
        identifiers=("namespace:12887296", "urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66", "urn:x:abc123"),
    ),
    of_root(
        "good_layout_0010",
        "4.1",
        "a registered layout that few read: tuples of 2, 3, 2 and 4 of what follows the last colon",
        layout=TUPLES_OF_SIZES,
        config={"delimiter": ":", "tupleSegmentSizes": [2, 3, 2, 4]},
        identifiers=("druid:gh875jh5489", "namespace:11887296672"),
    ),
    of_root(
        "good_layout_0012",
        "4.1",
        "a registered layout that few read: 0003 without what stands before the last slash",
        layout=HASH_AND_ID_WITHOUT_PREFIX,
        config={"digestAlgorithm": "md5", "tupleSize": 2, "numberOfTuples": 15, "delimiters": ["/"]},
        identifiers=("https://example.org/object-01", "https://example.org/b"),
    ),
    of_root(
        "good_layout_0007_padded_on_the_right",
        "4.1",
        "as in the extension's second example",
        layout=TUPLES_WITHOUT_PREFIX,
        config={"delimiter": "edu/", "tupleSize": 3, "numberOfTuples": 3, "zeroPadding": "right"},
        identifiers=("https://institution.edu/3448793", "https://institution.edu/abc/edu/f8.05v"),
    ),
)
