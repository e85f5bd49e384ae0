"""A survey: one campaign of capture at one site."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Survey:
    """Who captured, when, with what and how; dates are EDTF."""

    name: str
    site: str
    dates: str = ""
    operator: str = ""
    devices: tuple[str, ...] = ()
    method: str = ""
    notes: str = ""
