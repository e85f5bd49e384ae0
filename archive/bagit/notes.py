"""Where findings are collected: each counted, the first thousand of every kind listed, the rest summed up, so that memory stays bounded."""

from collections import Counter
from collections.abc import Iterator

from archive.bagit.faults import AND_MORE, Fault
from archive.findings import Finding, Severity

MOST_OF_A_KIND = 1000


class Notes:
    """The findings about one bag, in the order in which they were made."""

    def __init__(self) -> None:
        self._kept: list[Finding] = []
        self._counts: Counter[Fault] = Counter()

    def add(self, fault: Fault, path: str = "", detail: str = "", **values: object) -> None:
        """One more finding."""
        self._counts[fault] += 1
        if self._counts[fault] <= MOST_OF_A_KIND:
            self._kept.append(fault.at(path, detail, **values))

    @property
    def refused(self) -> bool:
        """Whether anything speaks against the bag."""
        return any(fault.severity is Severity.REFUSE for fault in self._counts)

    def findings(self) -> tuple[Finding, ...]:
        """Everything, the gravest first; within one severity as they were made, by kind."""
        return tuple(sorted((*self._kept, *self._sums()), key=lambda one: _GRAVITY[one.severity]))

    def _sums(self) -> Iterator[Finding]:
        for fault, count in self._counts.items():
            if count > MOST_OF_A_KIND:
                yield AND_MORE.at("", count=count - MOST_OF_A_KIND, kind=fault.code)


_GRAVITY = {Severity.REFUSE: 0, Severity.WARN: 1, Severity.NOTE: 2}
