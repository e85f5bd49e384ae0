"""Makes what is disposable again from the archive alone, and compares it with what stood there.

What stood there is set aside in ``work/`` until the new one is whole; then it is compared file by file and removed. A part that was
deleted by hand is simply made. The catalogue is compared by its canonical dump, the rest by bytes.
"""

import hashlib
import shutil
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from archive.catalogue import CatalogueDamageError, open_catalogue
from archive.home import Home
from pipeline.console import Console


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of one part: names of files that are the same, that differ (with why), that were not there before."""

    part: str
    same: tuple[str, ...]
    different: tuple[tuple[str, str], ...]
    made: tuple[str, ...]
    sites: tuple[str, ...] = ()
    """short names of the sites that were published"""


def rebuild(home: Home, parts: Iterable[str], console: Console) -> tuple[Rebuilt, ...]:
    """Rebuilds the named parts, in the order in which they stand on each other.

    Args:
        home: the archive; nothing in ``storage/`` or ``ledger/`` is touched.
        parts: some of "catalogue", "derivatives", "publications".
        console: where progress is shown.
    """
    makers: dict[str, Callable[[Home, Console], Rebuilt]] = {
        "catalogue": _catalogue,
        "derivatives": _derivatives,
        "publications": _publications,
    }
    wanted = set(parts)
    return tuple(make(home, console) for part, make in makers.items() if part in wanted)


def _catalogue(home: Home, console: Console) -> Rebuilt:
    before = None
    if home.catalogue.exists():
        try:
            with open_catalogue(home) as catalogue:
                before = catalogue.dump()
        except CatalogueDamageError:
            home.catalogue.unlink()
            before = b"damaged"
    with open_catalogue(home) as catalogue, console.progress("rebuild.part-catalogue", "objects") as progress:
        catalogue.rebuild(lambda done: progress(done, 0))
        after = catalogue.dump()
    name = (home.catalogue.name,)
    if before is None:
        return Rebuilt("catalogue", (), (), name)
    if before == after:
        return Rebuilt("catalogue", name, (), ())
    return Rebuilt("catalogue", (), ((name[0], "it did not show what the archive holds"),), ())


def _derivatives(home: Home, console: Console) -> Rebuilt:
    from pipeline.publish.publish import last_publication
    from pipeline.run import derive_site
    from pipeline.site_archive import archived_sites

    def make() -> None:
        for site in archived_sites(home):
            if last_publication(home, site.ark) is not None:
                derive_site(home, site, console)

    return _compared("derivatives", home.derivatives, home, make)


def _publications(home: Home, console: Console) -> Rebuilt:
    from pipeline.publish.publish import last_publication, publish
    from pipeline.run import derive_site
    from pipeline.site_archive import archived_sites

    def make() -> None:
        for site in archived_sites(home):
            if last_publication(home, site.ark) is not None:
                publish(home, site.ark, derive_site(home, site, console).derivatives, datetime.now(UTC))
                published.append(site.slug)

    published: list[str] = []
    return replace(_compared("publications", home.publications, home, make), sites=tuple(published))


def _compared(part: str, folder: Path, home: Home, make: Callable[[], None]) -> Rebuilt:
    aside = home.work / f"rebuild-{part}-{uuid.uuid4().hex}"
    if folder.exists():
        folder.rename(aside)
    folder.mkdir()
    try:
        make()
    except BaseException:
        # what stood there serves better than half of the new one
        shutil.rmtree(folder)
        if aside.exists():
            aside.rename(folder)
        raise
    before, after = _digests(aside), _digests(folder)
    shutil.rmtree(aside, ignore_errors=True)
    return Rebuilt(
        part,
        tuple(name for name in sorted(before) if after.get(name) == before[name]),
        tuple((name, _why(name, after)) for name in sorted(before) if after.get(name) != before[name]),
        tuple(sorted(after.keys() - before.keys())),
    )


def _why(name: str, after: dict[str, str]) -> str:
    if name not in after:
        return "no longer wanted: made by an earlier recipe or for an earlier version"
    return "made differently: another kind of processor, another version of a library, or the archive has changed since"


def _digests(folder: Path) -> dict[str, str]:
    """sha256 of every file below a folder by its relative path; nothing where there is no folder."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as stream:
                found[path.relative_to(folder).as_posix()] = hashlib.file_digest(stream, "sha256").hexdigest()
    return found
