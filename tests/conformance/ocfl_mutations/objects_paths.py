"""Objects whose content paths are wrong (section 3.5.2 of the specification), or that hold links and pipes (section 4.6)."""

import os

from tests.conformance.ocfl_mutations.cases import of_object
from tests.conformance.ocfl_mutations.drafts import ALPHA, BETA, GAMMA, digest
from tests.conformance.ocfl_mutations.edits import (
    after,
    also_stored,
    everywhere,
    gone,
    hard_linked,
    linked,
    stored,
)

PATHS = (
    of_object(
        "E042_content_path_not_from_the_object_root",
        "3.5.2",
        "content/c.txt, as if from the version folder",
        also_stored("c.txt", GAMMA, "v1/content/c.txt"),
        stored("v1/content/c.txt", "content/c.txt"),
    ),
    of_object("E042_content_path_into_logs", "3.5.2", "logs/c.txt is no content of a version", also_stored("c.txt", GAMMA, "logs/c.txt")),
    of_object(
        "E035_content_path_with_backslashes",
        "3.5",
        "v1\\content\\c.txt",
        also_stored("c.txt", GAMMA, "v1/content/c.txt"),
        stored("v1/content/c.txt", "v1\\content\\c.txt"),
    ),
    of_object("E098_content_path_is_a_number", "3.5.2", "a number is no path", stored("v1/content/a.txt", 5)),
    of_object("E098_content_path_is_an_array", "3.5.2", "an array is no path", stored("v1/content/a.txt", ["v1", "content", "a.txt"])),
    of_object("E099_content_path_with_a_dot", "3.5.2", "v1/content/./a.txt", stored("v1/content/a.txt", "v1/content/./a.txt")),
    of_object("E099_content_path_with_two_dots", "3.5.2", "v1/content/d/../a.txt", stored("v1/content/a.txt", "v1/content/d/../a.txt")),
    of_object("E099_content_path_with_an_empty_element", "3.5.2", "v1/content//a.txt", stored("v1/content/a.txt", "v1/content//a.txt")),
    of_object("E099_content_path_out_of_the_object", "3.5.2", "../outside.txt", stored("v1/content/a.txt", "../outside.txt")),
    of_object("E100_content_path_begins_with_a_slash", "3.5.2", "/v1/content/a.txt", stored("v1/content/a.txt", "/v1/content/a.txt")),
    of_object("E100_content_path_ends_with_a_slash", "3.5.2", "v1/content/a.txt/", stored("v1/content/a.txt", "v1/content/a.txt/")),
    of_object(
        "E101_content_path_twice",
        "3.5.2",
        "one path under two digests",
        everywhere(lambda i: i["manifest"][digest(BETA)].append("v1/content/a.txt")),
    ),
    of_object(
        "E101_content_path_twice_in_one_array",
        "3.5.2",
        "one path twice under its digest",
        everywhere(lambda i: i["manifest"][digest(ALPHA)].append("v1/content/a.txt")),
    ),
    of_object(
        "E101_content_path_is_the_folder_of_another",
        "3.5.2",
        "v1/content/d and v1/content/d/b.txt",
        everywhere(lambda i: i["manifest"][digest(ALPHA)].append("v1/content/d")),
    ),
)

LINKS = (
    of_object(
        "E089_named_pipe_in_content",
        "4.6",
        "a pipe is no regular file, and cannot be preserved as one",
        after(lambda p: os.mkfifo(p / "v1/content/pipe")),
    ),
    of_object(
        "E090_content_file_is_a_link", "4.6", "a symbolic link to another file of the object", linked("v1/content/a.txt", "aside.txt")
    ),
    of_object("E090_content_folder_is_a_link", "4.6", "v1/content/d is a symbolic link", linked("v1/content/d", "../aside")),
    of_object("E090_version_folder_is_a_link", "4.6", "v1 is a symbolic link", linked("v1", "aside")),
    of_object(
        "E090_inventory_is_a_link",
        "4.6",
        "the inventory is a symbolic link to that of v1",
        gone("inventory.json"),
        linked("inventory.json", "v1/inventory.json"),
    ),
    of_object(
        "E090_sidecar_is_a_link",
        "4.6",
        "the sidecar is a symbolic link to that of v1",
        gone("inventory.json.sha512"),
        linked("inventory.json.sha512", "v1/inventory.json.sha512"),
    ),
    of_object("E090_declaration_is_a_link", "4.6", "the declaration is a symbolic link", linked("0=ocfl_object_1.1", "declaration")),
    of_object("E090_link_to_nothing_in_content", "4.6", "a dangling link that no manifest lists", linked("v1/content/dangling", "nowhere")),
    of_object("E090_link_to_itself_in_content", "4.6", "a link that leads to itself", linked("v1/content/loop", "loop")),
    of_object("E090_link_to_the_folder_above", "4.6", "following it never ends", linked("v1/content/up", "..")),
    of_object(
        "E090_two_files_are_one",
        "4.6",
        "a hard link: two content paths, one file",
        also_stored("copy.txt", BETA, "v1/content/copy.txt"),
        hard_linked("v1/content/copy.txt", "v1/content/d/b.txt"),
    ),
)
