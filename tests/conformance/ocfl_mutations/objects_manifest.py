"""Objects whose manifests or fixity blocks are wrong, or whose content is: sections 3.4, 3.5.2 and 3.5.4 of the specification."""

from tests.conformance.ocfl_mutations.cases import of_object
from tests.conformance.ocfl_mutations.drafts import ALPHA, BETA, FIRST, GAMMA, SECOND, digest
from tests.conformance.ocfl_mutations.edits import (
    after,
    also_stored,
    everywhere,
    file,
    fixity,
    gone,
    key,
    oldest,
    renamed_digest,
    text_of,
    true_fixity,
    version,
)

TWO = (FIRST, SECOND)

MANIFESTS = (
    of_object("E106_manifest_is_an_array", "3.5.2", "a JSON object is prescribed", key("manifest", [])),
    of_object("E106_manifest_is_null", "3.5.2", "a JSON object is prescribed", key("manifest", None)),
    of_object(
        "E107_manifest_entry_that_no_state_uses",
        "3.5.2",
        "a stored file without a logical path",
        also_stored("c.txt", GAMMA, "v1/content/c.txt"),
        version(lambda b: b["state"].pop(digest(GAMMA))),
    ),
    of_object("E092_content_changed", "3.5.2", "one byte differs", file("v1/content/a.txt", b"alphA\n")),
    of_object("E092_content_cut_off", "3.5.2", "the file is shorter", file("v1/content/d/b.txt", BETA[:-7])),
    of_object("E092_content_of_zeros", "3.5.2", "right length, all bytes zero", file("v1/content/d/b.txt", bytes(len(BETA)))),
    of_object("E092_content_longer", "3.5.2", "something follows the content", file("v1/content/d/b.txt", BETA + b"\0")),
    of_object(
        "E092_contents_exchanged",
        "3.5.2",
        "two files in each other's place",
        file("v1/content/a.txt", BETA),
        file("v1/content/d/b.txt", ALPHA),
    ),
    of_object("E092_content_missing", "3.5.2", "a listed file is gone", gone("v1/content/a.txt")),
    of_object(
        "E092_content_is_a_folder",
        "3.5.2",
        "a folder with a file stands where the file was",
        gone("v1/content/a.txt"),
        after(lambda p: (p / "v1/content/a.txt").mkdir()),
    ),
    of_object(
        "E092_content_of_an_old_version_changed",
        "3.5.2",
        "the newest version does not use the file any more",
        file("v1/content/a.txt", b"alphA\n"),
        versions=TWO,
    ),
    of_object(
        "E092_paths_are_not_an_array",
        "3.5.2",
        "a text instead of an array",
        everywhere(lambda i: i["manifest"].update({digest(ALPHA): "v1/content/a.txt"})),
    ),
    of_object(
        "E092_digest_of_another_file", "3.5.2", "a right digest, but of nothing that is stored", renamed_digest(ALPHA, digest(b"other\n"))
    ),
    of_object("E031_digest_not_in_base_16", "3.4", "a sha512 with a letter beyond f", renamed_digest(ALPHA, "g" + digest(ALPHA)[1:])),
    of_object("E031_digest_in_base_64", "3.4", "base 64 instead of base 16", renamed_digest(ALPHA, "z/" + "A" * 84 + "==")),
    of_object(
        "E030_digest_of_sha256_not_in_base_16",
        "3.4",
        "a sha256 with a letter beyond f",
        renamed_digest(ALPHA, "x" + digest(ALPHA, "sha256")[1:], algorithm="sha256"),
        algorithm="sha256",
    ),
    of_object(
        "E031_or_E039_digest_cut_off",
        "3.4",
        "the first 127 of 128 digits",
        renamed_digest(ALPHA, digest(ALPHA)[:-1]),
    ),
    of_object("E092_digest_with_blanks_around", "3.5.2", "a blank is no part of base 16", renamed_digest(ALPHA, f" {digest(ALPHA)} ")),
    of_object(
        "E092_content_of_the_newest_version_changed",
        "3.5.2",
        "the file that v2 brought",
        file("v2/content/a.txt", b"gammA\n"),
        versions=TWO,
    ),
    of_object(
        "E096_digest_in_two_cases",
        "3.5.2",
        "the same digest in lower and upper case",
        everywhere(lambda i: i["manifest"].update({digest(ALPHA).upper(): ["v1/content/copy.txt"]})),
        file("v1/content/copy.txt", ALPHA),
    ),
    of_object(
        "E096_digest_twice_in_the_same_case",
        "3.5.2",
        "the same JSON name twice: most parsers keep the last",
        text_of('"manifest": {', f'"manifest": {{\n  "{digest(ALPHA)}": ["v1/content/gone.txt"],'),
    ),
)

FIXITY = (
    of_object(
        "E055_E102_fixity_under_another_name", "3.5.4", "the block is called Fixity", true_fixity("md5"), text_of('"fixity"', '"Fixity"')
    ),
    of_object(
        "E026_E056_fixity_algorithm_misspelt",
        "3.5.4",
        "SHA-256 is in no table: the name is sha256",
        fixity("SHA-256", {digest(ALPHA, "sha256"): ["v1/content/a.txt"]}),
    ),
    of_object(
        "E026_E056_fixity_algorithm_in_upper_case",
        "3.5.4",
        "MD5 is in no table: the name is md5",
        fixity("MD5", {digest(ALPHA, "md5"): ["v1/content/a.txt"]}),
    ),
    of_object("E111_fixity_is_an_array", "3.5.4", "a JSON object is prescribed", key("fixity", [])),
    of_object("E111_fixity_is_null", "3.5.4", "a JSON object is prescribed", key("fixity", None)),
    of_object(
        "E057_fixity_of_an_algorithm_is_an_array",
        "3.5.4",
        "the structure of the manifest is prescribed",
        fixity("md5", [digest(ALPHA, "md5")]),
    ),
    of_object(
        "E057_fixity_paths_are_not_an_array",
        "3.5.4",
        "the structure of the manifest is prescribed",
        fixity("md5", {digest(ALPHA, "md5"): "v1/content/a.txt"}),
    ),
    of_object(
        "E057_or_E093_fixity_of_a_file_that_is_not_there",
        "3.5.4",
        "a path that the manifest does not have",
        fixity("md5", {digest(ALPHA, "md5"): ["v1/content/gone.txt"]}),
    ),
    of_object(
        "E057_fixity_path_is_a_number", "3.5.4", "an array of content paths is prescribed", fixity("md5", {digest(ALPHA, "md5"): [5]})
    ),
    *(
        of_object(
            f"E093_wrong_{algorithm.replace('-', '_')}",
            "3.5.4",
            f"the {algorithm} of another file",
            fixity(algorithm, {digest(BETA, algorithm): ["v1/content/a.txt"]}),
        )
        for algorithm in ("md5", "sha1", "sha256", "sha512", "blake2b-512")
    ),
    of_object(
        "E093_wrong_md5_of_an_old_version",
        "3.5.4",
        "only v1's inventory has the fixity block",
        oldest(lambda i: i.update(fixity={"md5": {"0" * 32: ["v1/content/a.txt"]}})),
        versions=TWO,
    ),
    of_object(
        "E097_fixity_digest_in_two_cases",
        "3.5.4",
        "one md5 in lower and upper case",
        also_stored("copy.txt", ALPHA, "v1/content/copy.txt"),
        fixity("md5", {digest(ALPHA, "md5"): ["v1/content/a.txt"], digest(ALPHA, "md5").upper(): ["v1/content/copy.txt"]}),
    ),
    of_object(
        "E097_fixity_digest_twice_in_the_same_case",
        "3.5.4",
        "the same JSON name twice",
        true_fixity("md5"),
        text_of('"md5": {', f'"md5": {{\n   "{digest(ALPHA, "md5")}": ["v1/content/a.txt"],'),
    ),
    of_object(
        "E029_sha1_in_base_64", "3.4", "base 64 instead of base 16", fixity("sha1", {"Xh5mRbi5MZ3q9ZTTmWeX3mGmBYo=": ["v1/content/a.txt"]})
    ),
    of_object(
        "E030_sha256_not_in_base_16",
        "3.4",
        "a letter beyond f",
        fixity("sha256", {"g" + digest(ALPHA, "sha256")[1:]: ["v1/content/a.txt"]}),
    ),
    of_object(
        "E032_blake2b_not_in_base_16",
        "3.4",
        "a letter beyond f",
        fixity("blake2b-512", {"g" + digest(ALPHA, "blake2b-512")[1:]: ["v1/content/a.txt"]}),
    ),
    of_object(
        "E035_fixity_path_with_backslashes", "3.5", "v1\\content\\a.txt", fixity("md5", {digest(ALPHA, "md5"): ["v1\\content\\a.txt"]})
    ),
    of_object(
        "E099_fixity_path_with_two_dots",
        "3.5.4",
        "the structure of the manifest, its rules for paths included",
        fixity("md5", {digest(ALPHA, "md5"): ["v1/content/d/../a.txt"]}),
    ),
    of_object(
        "E100_fixity_path_begins_with_a_slash",
        "3.5.4",
        "the structure of the manifest, its rules for paths included",
        fixity("md5", {digest(ALPHA, "md5"): ["/v1/content/a.txt"]}),
    ),
)
