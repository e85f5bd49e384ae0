"""Mending what is damaged in one copy of the archive with verified bytes from another."""

from archive.repair.objects import Lost, Mended
from archive.repair.run import Order, RepairReport, repair

__all__ = ["Lost", "Mended", "Order", "RepairReport", "repair"]
