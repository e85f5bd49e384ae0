"""The whole pack: its cases, what they cover, and the writing of it."""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from tests.conformance.ocfl_mutations.cases import Case
from tests.conformance.ocfl_mutations.objects_good import GOOD, WARNED
from tests.conformance.ocfl_mutations.objects_inventory import KEYS, TEXT
from tests.conformance.ocfl_mutations.objects_manifest import FIXITY, MANIFESTS
from tests.conformance.ocfl_mutations.objects_paths import LINKS, PATHS
from tests.conformance.ocfl_mutations.objects_sidecars import SIDECARS
from tests.conformance.ocfl_mutations.objects_structure import STRUCTURE
from tests.conformance.ocfl_mutations.objects_versions import VERSIONS
from tests.conformance.ocfl_mutations.roots import ROOTS

PACK: tuple[Case, ...] = (*STRUCTURE, *PATHS, *LINKS, *TEXT, *KEYS, *MANIFESTS, *VERSIONS, *FIXITY, *SIDECARS, *WARNED, *GOOD, *ROOTS)
INDEX = "index.json"

NO_TREE_SHOWS = {
    "E022": "a rule for programs: what lies beside the content folder is ignored; the W002 cases show whether a validator does",
    "E027": "a rule for programs: they support five algorithms; good_fixity_of_all_algorithms and the E093 cases show whether one does",
    "E028": "a rule for programs: they ignore algorithms that they do not support; good_fixity_of_the_extension shows whether one does",
    "E062": "about the order in which things were written; a tree at rest shows it as E060",
    "E074": "about the independence of several roots; one inside another, which a tree can show, breaks E072 and E084 too",
    "E087": "a rule for programs: they ignore files in the root; good_root_with_files_beside shows whether one does",
}
"""Error codes that no object or root can break: why, and which case shows the rule all the same."""


def codes_covered(cases: Iterable[Case] = PACK) -> set[str]:
    """The codes that a case demands by itself (alternatives do not count)."""
    return {code for case in cases if not case.alternative for code in case.named}


def folder_of(case: Case) -> str:
    """Where a case lies in a written pack."""
    return f"{case.kind}s/{case.name}"


def write_pack(folder: Path, cases: Iterable[Case] = PACK) -> tuple[str, ...]:
    """Write the pack and its index into a folder.

    Returns:
        Cases that this file system cannot hold (names that are no UTF-8, links, names in two cases); the index leaves them out.
    """
    entries: list[dict[str, object]] = []
    left_out: list[str] = []
    for case in cases:
        try:
            case.write(folder / folder_of(case))
        except OSError:
            shutil.rmtree(folder / folder_of(case), ignore_errors=True)
            left_out.append(case.name)
        else:
            entries.append(entry(case))
    (folder / INDEX).write_text(json.dumps(entries, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return tuple(left_out)


def entry(case: Case) -> dict[str, object]:
    """What the index says of a case."""
    return {
        "case": case.name,
        "kind": case.kind,
        "path": folder_of(case),
        "valid": case.valid,
        "codes": list(case.named),
        "any_of_them": case.alternative,
        "may": sorted(case.may),
        "section": case.section,
        "why": case.why,
    }
