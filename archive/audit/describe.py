"""Damage in words that help: what happened to the file, since when, where inside it, and where a good copy is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from archive.audit.place import Place
from archive.audit.report import Problem
from archive.audit.standings import Standings
from archive.audit.structure import Inside, locate
from archive.errors import DitichError
from archive.ocfl.comparing import Condition, FileProblem
from archive.ocfl.fixity import ObjectCheck
from archive.ocfl.inventory import INVENTORY, SIDECAR, version_number


@dataclass(frozen=True, slots=True)
class Described:
    """A problem, with the digest that its file should have and those that its bytes have."""

    problem: Problem
    expected: str = ""
    digests: tuple[str, ...] = ()


def described(place: Place, object_id: str, check: ObjectCheck, found: Standings) -> list[Described]:
    """The problems of one object."""
    standing = place.standing(object_id)
    since = _when(standing.good) if standing is not None else ""
    folder = place.objects.folder_of(object_id)
    return [
        Described(
            Problem(
                object_id=object_id,
                path=problem.path,
                what=problem.what,
                detail=problem.detail,
                since_good=since,
                copies=_copies(place, object_id, problem.path, found),
                location=place.location,
                inside=_inside(place, f"{folder}/{problem.path}", problem),
            ),
            problem.expected,
            problem.digests,
        )
        for problem in check.problems
    ]


def resolved(problems: Iterable[Described]) -> Iterator[Problem]:
    """The problems of a whole run: where the bytes of a file lie in another object's place, it is called moved."""
    every = list(problems)
    lying = {(one.problem.location, digest): f"{one.problem.object_id}/{one.problem.path}" for one in every for digest in one.digests}
    for one in every:
        problem = one.problem
        elsewhere = lying.get((problem.location, one.expected), "")
        changed = problem.what in {Condition.CHANGED, Condition.MISSING} and not problem.path.endswith((INVENTORY, SIDECAR))
        yield replace(problem, what=Condition.MOVED, detail=f"its bytes lie at {elsewhere}") if changed and elsewhere else problem


def _copies(place: Place, object_id: str, path: str, found: Standings) -> tuple[str, ...]:
    """The other locations where the last check of a version that has this file was intact."""
    first, _, rest = path.partition("/")
    in_version = rest and first.startswith("v") and first[1:].isdigit()
    standings = (standing for standing in found.others(object_id, place.location) if standing.outcome == "intact")
    return tuple(
        standing.location
        for standing in standings
        if version_number(standing.checked_version) >= (version_number(first) if in_version else version_number(standing.version))
    )


def _inside(place: Place, path: str, problem: FileProblem) -> tuple[Inside, ...]:
    if problem.what is not Condition.CHANGED or "/content/" not in f"/{problem.path}":
        return ()
    try:
        with place.tree.open(path) as stream:
            return locate(stream, place.tree.size(path), path)
    except (DitichError, OSError):
        return ()


def _when(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds") if seconds else ""
