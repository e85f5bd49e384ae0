"""Whether the archive knows the objects that somebody named: a name that is mistyped is no missing object."""

from collections.abc import Iterable

from archive.errors import DitichError, NotFoundError
from archive.home import Home
from archive.replicas.logged import logged


def require_known(home: Home, names: Iterable[str]) -> None:
    """Refuse names of which neither the ledger nor the storage root knows anything. A ledger that is not readable refuses nothing.

    Raises:
        NotFoundError: one of them is not in this archive.
    """
    try:
        found = logged(home.log).objects
    except DitichError:
        return
    for name in names:
        if name not in found and home.tree.kind(home.objects.folder_of(name)) is None:
            raise NotFoundError(
                f"{name} is not in this archive.",
                advice="Check the identifier; `ditich search` finds it by words.",
                code="unknown-object",
                values={"name": name},
            )
