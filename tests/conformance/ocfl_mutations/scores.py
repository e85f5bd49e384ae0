"""Scores of two validators over the official fixtures and over the pack, as the tables of docs/ocfl-validation.md."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.conformance.ocfl_mutations.cases import Case
from tests.conformance.ocfl_mutations.pack import PACK, folder_of, write_pack
from tests.conformance.ocfl_mutations.verdicts import Question, Verdict, our_verdict, peer_verdicts

FIXTURES = ("good", "warn", "bad")


@dataclass(frozen=True, slots=True)
class Judged:
    """A case with what two validators say of it."""

    case: Case
    ours: Verdict
    peer: Verdict


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that was judged."""

    fixtures: tuple[Judged, ...]
    pack: tuple[Judged, ...]


def judged(cases: Iterable[tuple[Case, Path]]) -> tuple[Judged, ...]:
    """Ask both validators about cases that are written."""
    asked = [(case, Question(case.kind, path)) for case, path in cases]
    peers = peer_verdicts(question for _case, question in asked)
    return tuple(Judged(case, our_verdict(question), peer) for (case, question), peer in zip(asked, peers, strict=True))


def official(fixtures: Path) -> list[tuple[Case, Path]]:
    """The official fixtures (https://github.com/OCFL/fixtures), whose names carry codes like ours."""
    found = []
    for ocfl in ("1.0", "1.1"):
        for kind in FIXTURES:
            for path in sorted((fixtures / ocfl / f"{kind}-objects").iterdir()):
                name = f"good_{path.name}" if kind == "good" else f"{path.name}_"
                found.append((Case(name, "object", ocfl, "official fixture", _not_ours), path))
    return found


def _not_ours(folder: Path) -> None:
    raise NotImplementedError(folder)


def results(fixtures: Path) -> Results:
    """Judge everything.

    Args:
        fixtures: folder of the official fixtures, with 1.0 and 1.1 in it.
    """
    with TemporaryDirectory() as place:
        folder = Path(place)
        write_pack(folder)
        return Results(judged(official(fixtures)), judged((case, folder / folder_of(case)) for case in PACK))


def right_verdict(case: Case, verdict: Verdict) -> bool:
    """Whether valid and not valid are told apart."""
    return verdict.valid is case.valid


def names_right(case: Case, verdict: Verdict) -> bool:
    """Whether the codes are those that the specification demands."""
    return verdict.valid is not None and case.names_right(set(verdict.codes))


def names_one(case: Case, verdict: Verdict) -> bool:
    """Whether at least one of the named codes is among those of the verdict."""
    return bool(set(verdict.codes) & set(case.named))


def crashed(_case: Case, verdict: Verdict) -> bool:
    """Whether there was no verdict at all."""
    return verdict.valid is None


def score_table(found: Results) -> str:
    """Both scores side by side, in Markdown."""
    bad = [one for one in found.fixtures if not one.case.valid]
    warned = [one for one in found.fixtures if one.case.valid and one.case.named]
    objects = [one for one in found.pack if one.case.kind == "object"]
    roots = [one for one in found.pack if one.case.kind == "root"]
    rows = [
        ("official fixtures: right verdict", found.fixtures, right_verdict),
        ("official fixtures, bad objects: a named code is raised", bad, names_one),
        ("official fixtures, bad objects: all named codes are raised", bad, names_right),
        ("official fixtures, objects to warn of: exactly the named warnings", warned, names_right),
        ("pack, objects: right verdict", objects, right_verdict),
        ("pack, objects: the codes that the specification demands", objects, names_right),
        ("pack, storage roots: right verdict", roots, right_verdict),
        ("pack, storage roots: the codes that the specification demands", roots, names_right),
        ("pack: crashed or hung", found.pack, crashed),
    ]
    lines = [f"| | Ditich | ocfl-py {version('ocfl-py')} |", "|---|---|---|"]
    for title, those, counts in rows:
        ours, peer = (sum(counts(one.case, verdict) for one, verdict in _verdicts(those, whose)) for whose in ("ours", "peer"))
        lines.append(f"| {title} | {ours} of {len(those)} | {peer} of {len(those)} |")
    return "\n".join(lines) + "\n"


def wrong_table(found: Results) -> str:
    """Cases of the pack that one of the two judges wrongly, in Markdown."""
    lines = ["| case | right | Ditich | ocfl-py |", "|---|---|---|---|"]
    for one in found.pack:
        if right_verdict(one.case, one.ours) and right_verdict(one.case, one.peer):
            continue
        words = [_word(verdict) for verdict in (Verdict(one.case.valid, frozenset()), one.ours, one.peer)]
        lines.append(f"| `{one.case.name}` | {' | '.join(words)} |")
    return "\n".join(lines) + "\n"


def disagreements(those: Iterable[Judged]) -> list[str]:
    """Cases that our validator judges or names otherwise than the specification demands, a line each."""
    return [
        f"{one.case.name}: {_word(one.ours)} {sorted(one.ours.codes)}; section {one.case.section}: {one.case.why}"
        for one in those
        if not (right_verdict(one.case, one.ours) and names_right(one.case, one.ours))
    ]


def _verdicts(those: Sequence[Judged], whose: str) -> list[tuple[Judged, Verdict]]:
    return [(one, one.ours if whose == "ours" else one.peer) for one in those]


def _word(verdict: Verdict) -> str:
    return {True: "valid", False: "not valid", None: "crashed"}[verdict.valid]
