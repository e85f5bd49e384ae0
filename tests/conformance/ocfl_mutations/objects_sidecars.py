"""Objects whose sidecars or older inventories are wrong: sections 3.6 to 3.9 of the specification."""

import json
from pathlib import Path

from tests.conformance.ocfl_mutations.cases import of_object
from tests.conformance.ocfl_mutations.drafts import ALPHA, BETA, FIRST, INVENTORY, SECOND, Inventory, digest, draft, serialised
from tests.conformance.ocfl_mutations.edits import (
    after,
    bytes_of,
    file,
    gone,
    newest,
    oldest,
    sidecar,
)

TWO = (FIRST, SECOND)


def _other_sidecar(folder: Path) -> None:
    content = (folder / INVENTORY).read_bytes()
    (folder / "inventory.json.sha512").unlink()
    (folder / "inventory.json.sha256").write_text(f"{digest(content, 'sha256')} {INVENTORY}\n")


def _exchanged_in_sha256() -> Inventory:
    inventory = draft(FIRST, algorithm="sha256").inventories["v1"]
    inventory["versions"]["v1"]["state"] = {digest(ALPHA, "sha256"): ["d/b.txt"], digest(BETA, "sha256"): ["a.txt"]}
    return inventory


SIDECARS = (
    of_object("E058_no_sidecar", "3.6", "the object's sidecar is missing", gone("inventory.json.sha512")),
    of_object("E058_no_sidecar_in_v1", "3.6", "every inventory has a sidecar", gone("v1/inventory.json.sha512"), versions=TWO),
    of_object(
        "E058_sidecar_is_a_folder",
        "3.6",
        "a folder bears the name",
        gone("inventory.json.sha512"),
        after(lambda p: (p / "inventory.json.sha512").mkdir()),
    ),
    of_object("E059_sidecar_of_another_algorithm", "3.6", "inventory.json.sha256 for an inventory of sha512", after(_other_sidecar)),
    of_object(
        "E060_sidecar_of_another_inventory",
        "3.6",
        "the digest of something else",
        sidecar(lambda _: f"{digest(b'')} {INVENTORY}\n".encode()),
    ),
    of_object(
        "E060_sidecar_of_the_version_before",
        "3.6",
        "the inventory was replaced, its sidecar not",
        after(lambda p: (p / "inventory.json.sha512").write_bytes((p / "v1/inventory.json.sha512").read_bytes())),
        versions=TWO,
    ),
    of_object(
        "E060_inventory_changed_after_its_sidecar",
        "3.6",
        "one space more at the end",
        after(lambda p: (p / INVENTORY).write_bytes((p / INVENTORY).read_bytes() + b" ")),
    ),
    of_object(
        "E060_inventory_of_v1_changed_after_its_sidecar",
        "3.6",
        "one space more at the end",
        after(lambda p: (p / "v1" / INVENTORY).write_bytes((p / "v1" / INVENTORY).read_bytes() + b" ")),
        versions=TWO,
    ),
    of_object("E061_sidecar_empty", "3.6", "DIGEST inventory.json is prescribed", sidecar(lambda _: b"")),
    of_object("E061_sidecar_with_the_digest_only", "3.6", "the name is missing", sidecar(lambda b: b.split()[0] + b"\n")),
    of_object(
        "E061_sidecar_with_another_name",
        "3.6",
        "./inventory.json is not inventory.json",
        sidecar(lambda b: b.replace(b"inventory", b"./inventory")),
    ),
    of_object("E061_sidecar_without_white_space", "3.6", "spaces or tabs must stand between", sidecar(lambda b: b.replace(b" ", b""))),
    of_object(
        "E061_sidecar_with_a_binary_mark",
        "3.6",
        "DIGEST *inventory.json, as sha512sum -b writes",
        sidecar(lambda b: b.replace(b" ", b" *")),
    ),
    of_object(
        "E061_sidecar_with_a_line_feed_between", "3.6", "spaces or tabs must stand between", sidecar(lambda b: b.replace(b" ", b"\n"))
    ),
    of_object(
        "E061_sidecar_with_a_form_feed_between", "3.6", "spaces or tabs must stand between", sidecar(lambda b: b.replace(b" ", b"\f"))
    ),
    of_object(
        "E061_sidecar_with_a_hard_space_between",
        "3.6",
        "spaces or tabs must stand between",
        sidecar(lambda b: b.replace(b" ", b"\xc2\xa0")),
    ),
    of_object("E061_sidecar_of_two_lines", "3.6", "the line stands there twice", sidecar(lambda b: b + b)),
    of_object(
        "E061_sidecar_in_bsd_form",
        "3.6",
        "SHA512 (inventory.json) = DIGEST",
        sidecar(lambda b: b"SHA512 (inventory.json) = " + b.split()[0] + b"\n"),
    ),
    of_object(
        "E061_sidecar_with_the_name_first", "3.6", "the digest comes first", sidecar(lambda b: b" ".join(reversed(b.split())) + b"\n")
    ),
    of_object("E061_sidecar_that_is_no_text", "3.6", "bytes that are no UTF-8", sidecar(lambda _: b"\xff\xfe" * 40)),
    of_object(
        "E064_inventory_differs_from_that_of_the_newest_version", "3.7", "one space more, sidecar right", bytes_of(lambda b: b + b" ", "")
    ),
    of_object(
        "E064_message_differs_from_that_of_the_newest_version",
        "3.7",
        "another message",
        lambda d: setattr(d, "own", json.loads(serialised(d.inventories["v1"]).replace(b"version 1", b"version one"))),
    ),
    of_object(
        "E066_state_of_v1_differs",
        "3.7",
        "v1's own inventory has another logical path",
        oldest(lambda i: i["versions"]["v1"]["state"].update({digest(ALPHA): ["other.txt"]})),
        versions=TWO,
    ),
    of_object(
        "E066_file_less_in_v1",
        "3.7",
        "v1's own inventory has one logical path more",
        oldest(lambda i: i["versions"]["v1"]["state"][digest(ALPHA)].append("second.txt")),
        versions=TWO,
    ),
    of_object(
        "E066_state_of_v1_differs_across_algorithms",
        "3.7",
        "v1 in sha256, and it gives two files each other's name",
        lambda d: d.inventories.update(v1=_exchanged_in_sha256()),
        versions=TWO,
    ),
    of_object(
        "E103_newest_version_of_an_older_specification",
        "3.7.1",
        "v1 of 1.1, v2 of 1.0",
        newest(lambda i: i.update(type="https://ocfl.io/1.0/spec/#inventory")),
        lambda d: d.files.update({"0=ocfl_object_1.0": b"ocfl_object_1.0\n"}),
        gone("0=ocfl_object_1.1"),
        versions=TWO,
    ),
    of_object("E067_file_in_extensions", "3.9", "only folders of extensions", file("extensions/notes.txt")),
    of_object(
        "E023_manifest_of_v1_lacks_a_file",
        "3.7",
        "every file of v1 must be in v1's own manifest too",
        oldest(lambda i: (i["manifest"].pop(digest(ALPHA)), i["versions"]["v1"]["state"].pop(digest(ALPHA)))),
        versions=TWO,
    ),
    of_object(
        "E092_manifest_of_v1_lies",
        "3.7",
        "v1's own manifest gives two files each other's digest",
        oldest(lambda i: i.update(manifest={digest(ALPHA): ["v1/content/d/b.txt"], digest(BETA): ["v1/content/a.txt"]})),
        versions=TWO,
    ),
    of_object(
        "E092_manifest_of_v1_has_files_that_are_not_there",
        "3.7",
        "v1's own manifest lists a file more",
        oldest(lambda i: i["manifest"][digest(ALPHA)].append("v1/content/gone.txt")),
        versions=TWO,
    ),
)
