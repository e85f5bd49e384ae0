"""What a rule may look at besides the material itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from archive.records.site import Site
from pipeline.space import SpacePlan


@dataclass(frozen=True, slots=True)
class CheckContext:
    """The surroundings of a check.

    Attributes:
        known: ARKs of the site's assets that hold a file of this sha512.
        now: when the check runs, with a zone.
        held: the names, without folders and in lower case, of the files that the asset of this ARK holds.
        space: what the deposit needs and what there is; None where nothing will be written.
    """

    site: Site
    known: Callable[[str], tuple[str, ...]]
    now: datetime
    space: SpacePlan | None = None
    held: Callable[[str], frozenset[str]] = lambda _ark: frozenset()
