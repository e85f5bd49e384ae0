"""Objects whose versions are described wrongly: section 3.5.3 of the specification."""

from tests.conformance.ocfl_mutations.cases import of_object
from tests.conformance.ocfl_mutations.drafts import ALPHA, BETA, digest
from tests.conformance.ocfl_mutations.edits import (
    everywhere,
    logical,
    renamed_digest,
    version,
    version_key,
)

VERSIONS = (
    of_object(
        "E045_versions_is_an_array",
        "3.5.3",
        "a JSON object is prescribed",
        everywhere(lambda i: i.update(versions=list(i["versions"].values()))),
    ),
    of_object("E047_version_is_a_string", "3.5.3", "a JSON object is prescribed", everywhere(lambda i: i["versions"].update(v1="first"))),
    of_object("E047_version_is_null", "3.5.3", "a JSON object is prescribed", everywhere(lambda i: i["versions"].update(v1=None))),
    of_object("E048_no_created", "3.5.3.1", "created is missing", version(lambda b: b.pop("created"))),
    of_object("E048_no_state", "3.5.3.1", "state is missing", version(lambda b: b.pop("state"))),
    *(
        of_object(f"E049_created_{name}", "3.5.3.1", f"{value!r} is not RFC 3339", version_key("created", value))
        for name, value in {
            "without_zone": "2026-01-01T08:30:00",
            "without_seconds": "2026-01-01T08:30Z",
            "without_time": "2026-01-01",
            "with_an_offset_without_colon": "2026-01-01T08:30:00+0700",
            "with_an_offset_of_25_hours": "2026-01-01T08:30:00+25:00",
            "on_the_30th_of_february": "2026-02-30T08:30:00Z",
            "in_month_13": "2026-13-01T08:30:00Z",
            "at_24_hours": "2026-01-01T24:00:00Z",
            "at_second_61": "2026-01-01T08:30:61Z",
            "in_a_year_of_two_digits": "26-01-01T08:30:00Z",
            "in_thai_years_and_words": "1 มกราคม 2569",
            "with_digits_of_another_script": "๒๐๒๖-01-01T08:30:00Z",
            "with_a_leap_second_at_half_past_eight": "2026-01-01T08:30:60Z",
            "with_a_comma": "2026-01-01T08:30:00,5Z",
            "with_a_point_and_no_fraction": "2026-01-01T08:30:00.Z",
            "by_the_week": "2026-W01-4T08:30:00Z",
            "with_a_space_after": "2026-01-01T08:30:00Z ",
            "empty": "",
            "as_a_number": 1767256200,
        }.items()
    ),
    of_object(
        "E050_state_digest_not_in_the_manifest",
        "3.5.3.1",
        "a digest that the manifest does not have",
        renamed_digest(ALPHA, digest(b"other\n"), blocks=("state",)),
    ),
    of_object(
        "E050_state_digest_in_another_case",
        "3.5.3.1",
        "lower case in the manifest, upper case in the state: they must match exactly",
        renamed_digest(ALPHA, digest(ALPHA).upper(), blocks=("state",)),
    ),
    of_object("E050_state_is_an_array", "3.5.3.1", "a JSON object is prescribed", version_key("state", ["a.txt"])),
    of_object(
        "E050_state_paths_are_not_an_array",
        "3.5.3.1",
        "a text instead of an array",
        version_key("state", {digest(ALPHA): "a.txt", digest(BETA): ["d/b.txt"]}),
    ),
    of_object("E051_logical_path_is_a_number", "3.5.3.1", "a number is no set of path elements", logical("a.txt", 5)),
    of_object("E051_or_E052_logical_path_is_empty", "3.5.3.1", "one or more elements, and none may be empty", logical("a.txt", "")),
    of_object("E052_logical_path_is_a_dot", "3.5.3.1", "the path .", logical("a.txt", ".")),
    of_object("E052_logical_path_is_two_dots", "3.5.3.1", "the path ..", logical("a.txt", "..")),
    of_object("E052_logical_path_out_of_the_folder", "3.5.3.1", "../../etc/passwd", logical("a.txt", "../../etc/passwd")),
    of_object("E052_logical_path_with_an_empty_element", "3.5.3.1", "d//a.txt", logical("a.txt", "x//a.txt")),
    of_object("E053_logical_path_begins_with_a_slash", "3.5.3.1", "/a.txt", logical("a.txt", "/a.txt")),
    of_object("E053_logical_path_ends_with_a_slash", "3.5.3.1", "a.txt/", logical("a.txt", "a.txt/")),
    of_object("E095_logical_path_twice", "3.5.3.1", "two contents under one path", logical("d/b.txt", "a.txt")),
    of_object(
        "E095_logical_path_twice_in_one_array",
        "3.5.3.1",
        "one path twice under its digest",
        version(lambda b: b["state"][digest(ALPHA)].append("a.txt")),
    ),
    of_object("E095_logical_path_is_the_folder_of_another", "3.5.3.1", "d and d/b.txt", logical("a.txt", "d")),
    of_object(
        "E095_logical_path_is_a_folder_two_above", "3.5.3.1", "x and x/y/z.txt", logical("a.txt", "x"), logical("d/b.txt", "x/y/z.txt")
    ),
    of_object("E094_message_is_an_array", "3.5.3.1", "a JSON string is prescribed", version_key("message", ["version", "1"])),
    of_object("E094_message_is_null", "3.5.3.1", "a JSON string is prescribed", version_key("message", None)),
    of_object("E054_user_without_name", "3.5.3.1", "an address only", version_key("user", {"address": "mailto:mai@example.org"})),
    of_object("E054_user_is_a_string", "3.5.3.1", "a JSON object with a name is prescribed", version_key("user", "Mai")),
)
