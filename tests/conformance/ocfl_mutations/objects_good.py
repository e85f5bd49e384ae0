"""Objects that a validator must accept: odd but right, or only against a recommendation."""

import json
from typing import Any

from tests.conformance.ocfl_mutations.cases import of_object
from tests.conformance.ocfl_mutations.drafts import ALPHA, BETA, FIRST, GAMMA, SECOND, Draft, digest, draft
from tests.conformance.ocfl_mutations.edits import (
    also_stored,
    bytes_of,
    file,
    fixity,
    folder,
    key,
    oldest,
    renamed_digest,
    sidecar,
    text_of,
    true_fixity,
    version,
    version_key,
)

TWO = (FIRST, SECOND)
TEN = tuple({"a.txt": str(number).encode()} for number in range(10))
ODD_NAMES = {
    "with_spaces": "a b  c.txt",
    "with_spaces_at_the_ends": " a.txt ",
    "with_a_line_feed": "a\nb.txt",
    "with_a_backslash": "a\\b.txt",
    "with_quotes": "a\"b'c.txt",
    "of_three_dots": ".../a.txt",
    "with_dots_at_the_ends": "..a../b.txt.",
    "hidden": ".keep",
    "in_vietnamese": "Bản vẽ/mặt đứng phía tây.txt",
    "in_thai": "ปราสาท/ทับหลัง.txt",
    "with_an_emoji": "ảnh \U0001f5ff.txt",
    "called_inventory": "inventory.json",
    "called_like_a_version": "v2/content/0=ocfl_object_1.1",
    "with_a_percent_sign": "100%25.txt",
    "with_a_colon": "C:/a.txt",
    "of_255_bytes": "n" * 251 + ".txt",
    "forty_folders_deep": "f/" * 40 + "a.txt",
}


def _upgraded(made: Draft) -> None:
    """Version 1 was written by OCFL 1.0, version 2 by 1.1."""
    made.inventories["v1"]["type"] = "https://ocfl.io/1.0/spec/#inventory"


def _v1_in(algorithm: str) -> Any:
    """The inventory of version 1 uses another digest algorithm than that of version 2."""

    def edit(made: Draft) -> None:
        made.inventories["v1"] = draft(FIRST, algorithm=algorithm).inventories["v1"]

    return edit


def _two_names_in_unicode(made: Draft) -> None:
    also_stored("\u00e9.txt", b"composed\n", "v1/content/\u00e9.txt")(made)
    also_stored("e\u0301.txt", b"decomposed\n", "v1/content/e\u0301.txt")(made)


GOOD = (
    of_object("good_one_version", "3.1", "the object that most others are made of"),
    of_object("good_two_versions", "3.1", "a file changed in version 2", versions=TWO),
    of_object("good_ten_versions", "3.3", "v10 follows v9, although it sorts before v2 as text", versions=TEN),
    of_object("good_object_of_1_0", "3.2", "declared and typed 1.0", ocfl="1.0"),
    of_object(
        "good_object_of_1_0_with_an_entry_that_no_state_uses",
        "3.5.2",
        "a stored file without a logical path: E107 came with 1.1, in 1.0 the manifest has every content file",
        also_stored("c.txt", GAMMA, "v1/content/c.txt"),
        version(lambda b: b["state"].pop(digest(GAMMA))),
        ocfl="1.0",
    ),
    of_object("good_object_upgraded_from_1_0", "3.7.1", "v1 of 1.0, v2 of 1.1", _upgraded, versions=TWO),
    of_object("good_version_that_only_deletes", "3.3.1", "v2 has no content folder and a file less", versions=(FIRST, {"a.txt": ALPHA})),
    of_object(
        "good_version_that_only_renames",
        "3.3.1",
        "v2 has no content folder, a file has another name",
        versions=(FIRST, {"b.txt": ALPHA, "d/b.txt": BETA}),
    ),
    of_object("good_file_deleted_and_brought_back", "3.5.3.1", "v3 uses the content of v1", versions=(FIRST, {"a.txt": ALPHA}, FIRST)),
    of_object("good_version_without_any_file", "3.5.3.1", "the state of v2 is empty", versions=(FIRST, {})),
    of_object("good_first_version_without_any_file", "3.5.2", "manifest and state are empty", versions=({},)),
    of_object("good_empty_file", "3.5.2", "a file without a byte", versions=({"empty.txt": b""},)),
    of_object(
        "good_one_content_under_two_logical_paths", "3.5.3.1", "stored once, named twice", versions=({"a.txt": ALPHA, "b.txt": ALPHA},)
    ),
    of_object(
        "good_one_content_stored_twice", "3.5.2", "two content paths under one digest", also_stored("b.txt", ALPHA, "v1/content/b.txt")
    ),
    of_object(
        "good_content_path_unlike_its_logical_path",
        "3.5.2",
        "the two need not be alike",
        also_stored("Bản đồ.txt", GAMMA, "v1/content/0001.bin"),
    ),
    of_object("good_names_in_two_unicode_forms", "4.6", "é composed and decomposed are two names", _two_names_in_unicode),
    of_object("good_names_in_two_cases", "4.6", "a.txt and A.txt are two names", versions=({"a.txt": ALPHA, "A.txt": BETA},)),
    of_object(
        "good_names_one_beginning_like_the_other",
        "3.5.3.1",
        "d and d.txt and d-1 do not conflict: only whole elements count",
        versions=({"d": ALPHA, "d.txt": BETA, "d-1": GAMMA},),
    ),
    *(
        of_object(f"good_name_{name}", "3.5.3.1", f"{path[:40]!r} is a path like others", versions=({path: ALPHA},))
        for name, path in ODD_NAMES.items()
    ),
    of_object(
        "good_digests_in_upper_case",
        "3.4",
        "base 16 is case insensitive; state and manifest agree",
        renamed_digest(ALPHA, digest(ALPHA).upper()),
    ),
    of_object(
        "good_digests_in_mixed_case",
        "3.4",
        "base 16 is case insensitive; state and manifest agree",
        renamed_digest(ALPHA, digest(ALPHA)[:64].upper() + digest(ALPHA)[64:]),
    ),
    of_object(
        "good_digests_in_another_case_in_v1",
        "3.7",
        "v1's own inventory has upper case, the newest lower case: the same files",
        lambda d: _upper(d.inventories["v1"]),
        versions=TWO,
    ),
    of_object(
        "good_sidecar_in_upper_case", "3.6", "base 16 is case insensitive", sidecar(lambda b: b.split()[0].upper() + b" inventory.json\n")
    ),
    of_object("good_sidecar_with_a_tab", "3.6", "spaces or tabs", sidecar(lambda b: b.replace(b" ", b"\t"))),
    of_object("good_sidecar_with_many_blanks", "3.6", "one or more spaces or tabs", sidecar(lambda b: b.replace(b" ", b" \t  \t"))),
    of_object("good_sidecar_without_newline", "3.6", "the format says nothing of a newline", sidecar(bytes.rstrip)),
    of_object(
        "good_content_directory_of_another_name",
        "3.3.1",
        "data, and the inventories say so",
        directory="data",
        says_directory=True,
        versions=TWO,
    ),
    of_object("good_content_directory_said_to_be_content", "3.3.1", "the default, spelt out", says_directory=True, versions=TWO),
    of_object("good_content_directory_of_three_dots", "3.3.1", "only one and two dots are forbidden", directory="...", says_directory=True),
    of_object("good_content_directory_with_a_blank", "3.3.1", "any name without a slash", directory="manifests v1", says_directory=True),
    *(
        of_object(f"good_created_{name}", "3.5.3.1", f"{value!r} is RFC 3339", version_key("created", value))
        for name, value in {
            "in_lower_case": "2026-01-01t08:30:00z",
            "in_a_leap_second": "2016-12-31T23:59:60Z",
            "in_a_leap_second_elsewhere": "2017-01-01T06:59:60+07:00",
            "with_fractions": "2026-01-01T08:30:00.123456789012Z",
            "with_an_offset": "2026-01-01T08:30:00+07:00",
            "with_a_negative_offset": "2026-01-01T08:30:00-23:59",
            "with_an_unknown_offset": "2026-01-01T08:30:00-00:00",
            "on_a_leap_day": "2024-02-29T08:30:00Z",
            "before_computers": "0001-01-01T00:00:00Z",
            "in_the_last_second_of_a_day": "2026-12-31T23:59:59.999Z",
        }.items()
    ),
    of_object(
        "good_json_with_escapes",
        "3.5",
        "escapes in names and values mean the characters",
        version_key("message", "Bản vẽ"),
        bytes_of(lambda b: json.dumps(json.loads(b)).encode()),
        versions=({"Bản vẽ \U0001f5ff.txt": ALPHA},),
    ),
    of_object("good_json_with_escaped_slashes", "3.5", "\\/ is a slash", text_of("v1/content/a.txt", "v1\\/content\\/a.txt")),
    of_object(
        "good_json_with_white_space",
        "3.5",
        "white space around and between",
        bytes_of(lambda b: b"\r\n\t " + b.replace(b"\n", b"\r\n\t") + b"\n\n"),
    ),
    of_object(
        "good_json_in_another_order",
        "3.5",
        "the order of keys has no meaning",
        bytes_of(lambda b: json.dumps(dict(reversed(json.loads(b).items()))).encode()),
    ),
    of_object("good_fixity_empty", "3.5.4", "the block may be empty", key("fixity", {})),
    of_object("good_fixity_of_an_algorithm_empty", "3.5.4", "any subset of the files, so none", fixity("md5", {})),
    of_object(
        "good_fixity_of_all_algorithms",
        "3.4",
        "the five of the specification",
        true_fixity("md5", "sha1", "sha256", "sha512", "blake2b-512"),
    ),
    of_object(
        "good_fixity_of_the_extension",
        "3.4",
        "the algorithms of extension 0009",
        true_fixity("blake2b-160", "blake2b-256", "blake2b-384", "sha512/256", "size"),
    ),
    of_object(
        "good_fixity_in_upper_case",
        "3.4",
        "base 16 is case insensitive",
        fixity("md5", {digest(ALPHA, "md5").upper(): ["v1/content/a.txt"]}),
    ),
    of_object(
        "good_fixity_in_v1_only",
        "3.5.4",
        "values need not be carried forward",
        oldest(lambda i: i.update(fixity={"md5": {digest(ALPHA, "md5"): ["v1/content/a.txt"]}})),
        versions=TWO,
    ),
    of_object("good_logs_with_files", "3.8", "files of logs are out of scope", file("logs/2026-01.log", b"audited\n")),
    of_object("good_extensions_empty", "3.9", "the folder may be there", folder("extensions")),
    of_object(
        "good_extension_registered",
        "3.9",
        "whatever an extension keeps in its folder is its own business",
        file("extensions/0005-mutable-head/head/x/y", b"any\n"),
        folder("extensions/0005-mutable-head/empty"),
    ),
    *(
        of_object(f"good_id_{name}", "3.5.1", f"{identifier} is a URI", identifier=identifier)
        for name, identifier in {
            "ark": "ark:/12345/bcd987",
            "uuid": "urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66",
            "info": "info:fedora/object-01",
            "https": "https://example.org/objects?id=1#part",
        }.items()
    ),
    of_object(
        "good_user_address_of_orcid",
        "3.5.3.1",
        "a URL to a personal identifier",
        version_key("user", {"name": "Mai", "address": "https://orcid.org/0000-0002-1825-0097"}),
    ),
    of_object("good_message_empty", "3.5.3.1", "an empty text is a text", version_key("message", "")),
)


def _upper(inventory: dict[str, Any]) -> None:
    inventory["manifest"] = {key.upper(): paths for key, paths in inventory["manifest"].items()}
    for block in inventory["versions"].values():
        block["state"] = {key.upper(): paths for key, paths in block["state"].items()}


WARNED = (
    of_object("W001_padded_versions", "3.3", "v0001 and v0002", versions=TWO, width=4),
    of_object("W001_padded_versions_to_v09", "3.3", "nine versions of two digits", versions=TEN[:9], width=2),
    of_object("W002_folder_beside_the_content", "3.3", "v1/drafts is ignored, whatever it holds", file("v1/drafts/a.txt")),
    of_object("W002_empty_folder_beside_the_content", "3.3", "v1/drafts is ignored, even empty", folder("v1/drafts")),
    of_object("W002_version_folder_in_a_version_folder", "3.3", "v1/v2 is no version", file("v1/v2/content/a.txt")),
    of_object(
        "W003_content_folder_without_files",
        "3.3.1",
        "v2 brings no file and has an empty content folder",
        folder("v2/content"),
        versions=(FIRST, {"a.txt": ALPHA}),
    ),
    of_object("W004_sha256", "3.4", "sha512 is recommended", algorithm="sha256", versions=TWO),
    of_object("W004_sha256_in_v1_only", "3.7", "v1's own inventory uses sha256, the newest sha512", _v1_in("sha256"), versions=TWO),
    of_object("W005_id_is_a_word", "3.5.1", "object-01 has no scheme", identifier="object-01"),
    of_object("W005_id_with_spaces", "3.5.1", "RFC 3986 has no spaces", identifier="urn:example:my object"),
    of_object("W007_no_message", "3.5.3.1", "message is missing", version(lambda b: b.pop("message"))),
    of_object("W007_no_user", "3.5.3.1", "user is missing", version(lambda b: b.pop("user"))),
    of_object("W007_neither_message_nor_user", "3.5.3.1", "both are missing", version(lambda b: (b.pop("user"), b.pop("message")))),
    of_object("W008_user_without_address", "3.5.3.1", "a name only", version_key("user", {"name": "Mai"})),
    of_object(
        "W009_address_is_no_uri",
        "3.5.3.1",
        "an e-mail address without mailto:",
        version_key("user", {"name": "Mai", "address": "mai@example.org"}),
    ),
    of_object("W010_no_inventory_in_v1", "3.7", "v1 has no inventory", lambda d: d.unlisted.add("v1"), versions=TWO),
    of_object("W010_no_inventory_in_the_newest_version", "3.7", "v2 has no inventory", lambda d: d.unlisted.add("v2"), versions=TWO),
    of_object(
        "W011_created_differs",
        "3.7",
        "v1's own inventory has another moment",
        oldest(lambda i: i["versions"]["v1"].update(created="2025-01-01T08:30:00Z")),
        versions=TWO,
    ),
    of_object(
        "W011_message_differs",
        "3.7",
        "v1's own inventory has another message",
        oldest(lambda i: i["versions"]["v1"].update(message="first")),
        versions=TWO,
    ),
    of_object(
        "W011_user_differs",
        "3.7",
        "v1's own inventory has another user",
        oldest(lambda i: i["versions"]["v1"]["user"].update(name="Lan")),
        versions=TWO,
    ),
    of_object(
        "W012_logs_hold_a_folder_and_no_record",
        "3.8",
        "logs is for files that record actions: an empty folder records nothing",
        folder("logs/tmp"),
    ),
    of_object(
        "W013_extension_not_registered", "3.9", "a name that the register does not have", file("extensions/our-own/config.json", b"{}")
    ),
    of_object(
        "W013_extension_of_a_number_not_given", "3.9", "9999-… is in no register", file("extensions/9999-our-own/config.json", b"{}")
    ),
    of_object(
        "W004_W005_W008_together",
        "3.5",
        "three recommendations not followed",
        version_key("user", {"name": "Mai"}),
        algorithm="sha256",
        identifier="object-01",
    ),
)
