"""Objects whose inventories are wrong as texts or by their keys: sections 3.5 and 3.5.1 of the specification."""

from tests.conformance.ocfl_mutations.cases import of_object
from tests.conformance.ocfl_mutations.drafts import ALPHA, BETA, FIRST, INVENTORY, SECOND, digest
from tests.conformance.ocfl_mutations.edits import (
    after,
    bytes_of,
    file,
    gone,
    key,
    moved,
    oldest,
    renamed_digest,
    text_of,
    version_key,
    without,
)

TWO = (FIRST, SECOND)
MAI = {"name": "Mai", "address": "mailto:mai@example.org"}

TEXT = (
    of_object("E033_inventory_empty", "3.5", "no byte in it: what a crash without fsync leaves", bytes_of(lambda _: b"")),
    of_object("E033_inventory_of_zeros", "3.5", "all bytes are zero: what a crash without fsync leaves", bytes_of(lambda b: bytes(len(b)))),
    of_object("E033_inventory_cut_off", "3.5", "the second half is missing", bytes_of(lambda b: b[: len(b) // 2])),
    of_object("E033_inventory_with_something_after", "3.5", "two JSON texts in one file", bytes_of(lambda b: b + b"{}")),
    of_object("E033_inventory_with_a_comma_too_many", "3.5", "RFC 8259 has no trailing comma", bytes_of(lambda b: b[:-2] + b",\n}")),
    of_object("E033_inventory_with_a_comment", "3.5", "RFC 8259 has no comments", bytes_of(lambda b: b"// ours\n" + b)),
    of_object("E033_inventory_with_single_quotes", "3.5", "RFC 8259 has double quotes only", bytes_of(lambda b: b.replace(b'"', b"'"))),
    of_object("E033_inventory_with_nan", "3.5", "NaN is no number of RFC 8259", text_of('"head": "v1"', '"head": NaN')),
    of_object(
        "E033_inventory_with_a_raw_line_feed_in_a_string", "3.5", "control characters must be escaped", text_of("version 1", "version\n1")
    ),
    of_object("E033_inventory_in_utf16", "3.5", "UTF-8 is prescribed", bytes_of(lambda b: b.decode().encode("utf-16"))),
    of_object(
        "E033_inventory_in_latin1",
        "3.5",
        "bytes that are no UTF-8",
        text_of("version 1", "b\u1ea3n 1"),
        bytes_of(lambda b: b.replace("\u1ea3".encode(), b"\xe3")),
    ),
    of_object("E033_inventory_is_an_array", "3.5", "a JSON object is prescribed", bytes_of(lambda b: b"[" + b + b"]")),
    of_object("E033_inventory_is_null", "3.5", "a JSON object is prescribed", bytes_of(lambda _: b"null")),
    of_object(
        "E033_inventory_of_200000_brackets",
        "3.5",
        "no structure of section 3.5, and deeper than any stack",
        bytes_of(lambda _: b"[" * 200_000 + b"]" * 200_000),
    ),
    of_object(
        "E033_or_E040_inventory_with_two_heads",
        "3.5",
        "head twice, once wrong; which one a parser takes is not defined (RFC 8259 section 4)",
        text_of('"head": "v1"', '"head": "v1",\n "head": "v2"'),
    ),
    of_object(
        "E033_inventory_of_v1_cut_off",
        "3.5",
        "every inventory must be one, also that of an older version",
        bytes_of(lambda b: b[:-40], "v1"),
        versions=TWO,
    ),
    of_object("E034_E063_inventory_in_upper_case", "3.5", "INVENTORY.JSON is not inventory.json", moved(INVENTORY, "INVENTORY.JSON")),
    of_object("E063_no_inventory", "3.7", "the object's inventory is missing, that of v1 is there", gone(INVENTORY)),
    of_object(
        "E063_inventory_is_a_folder",
        "3.7",
        "a folder bears the name",
        moved("v1/content/d", "v1/content/x"),
        gone(INVENTORY),
        after(lambda p: (p / INVENTORY).mkdir()),
    ),
    of_object(
        "E003_E063_nothing_in_the_folder",
        "3.2",
        "an empty folder, judged as an object",
        lambda d: d.inventories.clear(),
        lambda d: d.files.clear(),
        file("logs/log.txt"),
    ),
)

KEYS = (
    of_object("E036_no_id", "3.5.1", "id is missing", without("id")),
    of_object("E036_no_type", "3.5.1", "type is missing", without("type")),
    of_object("E036_no_digest_algorithm", "3.5.1", "digestAlgorithm is missing", without("digestAlgorithm")),
    of_object("E036_no_head", "3.5.1", "head is missing", without("head")),
    of_object("E036_or_E037_id_is_a_number", "3.5.1", "a number identifies nothing", key("id", 5)),
    of_object("E036_or_E037_id_is_empty", "3.5.1", "an empty text identifies nothing", key("id", "")),
    of_object(
        "E037_E110_id_changes_between_versions",
        "3.5.1",
        "v1's inventory has another id",
        oldest(lambda i: i.update(id="urn:example:other")),
        versions=TWO,
    ),
    of_object("E038_type_of_another_version", "3.5.1", "declared 1.1, type 1.0", key("type", "https://ocfl.io/1.0/spec/#inventory")),
    of_object("E038_type_without_fragment", "3.5.1", "not the URI of the inventory section", key("type", "https://ocfl.io/1.1/spec/")),
    of_object("E038_type_over_http", "3.5.1", "another URI: http", key("type", "http://ocfl.io/1.1/spec/#inventory")),
    of_object("E038_type_is_no_string", "3.5.1", "an array", key("type", ["https://ocfl.io/1.1/spec/#inventory"])),
    of_object("E025_content_addressed_by_md5", "3.4", "only sha512 and sha256 address content", algorithm="md5"),
    of_object("E025_content_addressed_by_blake2b", "3.4", "blake2b-512 is for fixity only", algorithm="blake2b-512"),
    of_object("E025_algorithm_in_upper_case", "3.4", "SHA512 is not in the vocabulary", key("digestAlgorithm", "SHA512")),
    of_object("E025_algorithm_is_no_string", "3.4", "a number", key("digestAlgorithm", 512)),
    of_object(
        "E039_digests_of_another_algorithm",
        "3.5.1",
        "sha512 is named, manifest and state have sha256",
        renamed_digest(ALPHA, digest(ALPHA, "sha256")),
        renamed_digest(BETA, digest(BETA, "sha256")),
    ),
    of_object("E040_head_is_not_the_newest", "3.5.1", "two versions, head v1", key("head", "v1"), versions=TWO),
    of_object("E040_head_does_not_exist", "3.5.1", "one version, head v2", key("head", "v2")),
    of_object("E040_head_is_a_number", "3.5.1", "1 is no version directory name", key("head", 1)),
    of_object("E040_head_without_its_letter", "3.5.1", "1 as a text is no version directory name", key("head", "1")),
    of_object("E041_no_manifest", "3.5.1", "manifest is missing", without("manifest")),
    of_object("E041_E043_no_versions_block", "3.5.1", "versions is missing", without("versions")),
    of_object("E044_versions_under_another_name", "3.5.3", "the block is called Versions", text_of('"versions"', '"Versions"')),
    of_object("E102_unknown_key", "3.5", "a key of one's own in the inventory", key("note", "ours")),
    of_object("E102_unknown_key_in_a_version", "3.5", "a key of one's own in a version", version_key("note", "ours")),
    of_object("E102_unknown_key_in_a_user", "3.5", "a key of one's own in a user", version_key("user", {**MAI, "phone": "0"})),
    of_object("E102_known_key_in_another_case", "3.5", "ContentDirectory is not contentDirectory", key("ContentDirectory", "content")),
    of_object(
        "E102_json_schema_key",
        "3.5",
        "$schema is not described in the specification",
        key("$schema", "https://ocfl.io/1.1/spec/inventory_schema.json"),
    ),
)
