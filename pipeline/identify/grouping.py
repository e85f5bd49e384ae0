"""Which files make one asset. Pure rules over names, formats and the references that files carry; nothing is opened here.

The table of principals stands in ``kinds.py``. What is left out: whether a panorama is one (describe decides, from metadata and shape).
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from archive.findings import Finding
from archive.records.asset import AssetKind, FileRole
from pipeline.identify.kinds import RAW_FORMATS, SHOT_FORMATS, kind_of
from pipeline.identify.words import MATCHED_LOOSELY, MISSING_COMPANION
from pipeline.sip import CandidateAsset, IdentifiedFile

References = Mapping[str, tuple[str, ...]]
"""deposit path → names of other files, as written in its bytes"""
HOSTS = frozenset({"obj", "gltf", "glb", "dae", "ply-mesh", "ply", "ply-points"})
"""Formats whose references draw other files into their asset."""


@dataclass(slots=True)
class _Grouping:
    files: dict[str, IdentifiedFile]
    folded: dict[str, list[str]]
    members: dict[str, dict[str, FileRole]] = field(default_factory=lambda: defaultdict(dict))
    taken: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    def add(self, principal: str, member: str, role: FileRole) -> None:
        self.members[principal].setdefault(member, role)
        self.taken.add(member)


def group(files: Iterable[IdentifiedFile], references: References) -> tuple[tuple[CandidateAsset, ...], tuple[Finding, ...]]:
    """Group files into assets; every file is in at least one, and a texture of two models is in both.

    Args:
        files: all files of the deposit but its sheets.
        references: what :mod:`pipeline.identify.references` read.

    Returns:
        Candidates sorted by the path of their principal, and findings (missing companion, name matched only loosely).
    """
    by_path = {one.file.path: one for one in files}
    folded = defaultdict(list)
    for path in sorted(by_path):
        folded[fold_name(path)].append(path)
    state = _Grouping(by_path, folded)
    for path in sorted(by_path):
        if by_path[path].verdict.name in HOSTS:
            _follow(state, path, path, references, FileRole.COMPANION)
    _shots(state)
    _sidecars(state)
    return tuple(_candidate(state, path) for path in sorted(by_path) if path not in state.taken), tuple(state.findings)


def fold_name(path: str) -> str:
    """A path as it is compared loosely: NFC, case folded, backslashes as slashes."""
    return unicodedata.normalize("NFC", path.replace("\\", "/")).casefold()


def resolve(folder: str, reference: str) -> str:
    """The deposit path that a reference from a file in ``folder`` means; "" when it points outside or is absolute."""
    parts = [part for part in folder.split("/") if part]
    for part in reference.replace("\\", "/").split("/"):
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    return "/".join(parts)


def _follow(state: _Grouping, host: str, reader: str, references: References, role: FileRole) -> None:
    """Draw what ``reader`` names into the asset of ``host``; an MTL is read in its turn."""
    for reference in references.get(reader, ()):
        found = _find(state, reader, reference)
        if found is None:
            state.findings.append(MISSING_COMPANION.finding(host, reference, name=reference))
        elif found != host and found not in state.members[host]:
            state.add(host, found, role)
            if state.files[found].verdict.name == "mtl":
                _follow(state, host, found, references, role)


def _find(state: _Grouping, reader: str, reference: str) -> str | None:
    """Exactly; then by NFC and case; then, for an absolute path from somebody's computer, by its last part in the same folder."""
    folder = reader.rpartition("/")[0]
    wanted = resolve(folder, reference)
    if wanted in state.files:
        return wanted
    last = resolve(folder, reference.replace("\\", "/").rpartition("/")[2])
    for attempt in (wanted, last):
        if found := state.folded.get(fold_name(attempt)):
            state.findings.append(MATCHED_LOOSELY.finding(found[0], f"{reader} says {reference!r}", name=reference))
            return found[0]
    return None


def _shots(state: _Grouping) -> None:
    """RAW and developed picture of one shot: same folder and stem."""
    shots = defaultdict(list)
    for path, one in state.files.items():
        if path not in state.taken and one.verdict.name in RAW_FORMATS | SHOT_FORMATS:
            shots[fold_name(path.rpartition(".")[0] or path)].append(path)
    for paths in shots.values():
        raws = sorted(path for path in paths if state.files[path].verdict.name in RAW_FORMATS)
        if len(raws) == 1:
            for path in sorted(set(paths) - set(raws)):
                state.add(raws[0], path, FileRole.COMPANION)


def _sidecars(state: _Grouping) -> None:
    """``IMG.xmp`` belongs to every file ``IMG.*`` that is not a sidecar, ``IMG.jpg.xmp`` to ``IMG.jpg``."""
    by_stem = defaultdict(list)
    for path in sorted(state.files):
        if not _is_sidecar(path):
            by_stem[fold_name(path.rpartition(".")[0])].append(path)
    for path in sorted(state.files):
        if not _is_sidecar(path):
            continue
        stem = fold_name(path[:-4])
        owners = state.folded.get(stem) or by_stem.get(stem, [])
        for owner in {_principal_of(state, owner) for owner in owners if owner != path}:
            state.add(owner, path, FileRole.SIDECAR)


def _principal_of(state: _Grouping, path: str) -> str:
    """The asset a file stands in: itself, or the one host that drew it in."""
    return next((host for host, members in sorted(state.members.items()) if path in members), path)


def _is_sidecar(path: str) -> bool:
    return path.lower().endswith(".xmp")


def _candidate(state: _Grouping, path: str) -> CandidateAsset:
    principal = state.files[path]
    kind = kind_of(principal.verdict.name)
    members = state.members.get(path, {})
    if kind is AssetKind.POINT_CLOUD and any(state.files[member].verdict.name in SHOT_FORMATS for member in members):
        kind = AssetKind.MESH
    return CandidateAsset(kind, principal, tuple((state.files[member], members[member]) for member in sorted(members)))
