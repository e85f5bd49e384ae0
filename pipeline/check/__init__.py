"""The rules that material must pass, one a file. ``ASSET_CHECKS`` look at one asset, ``DEPOSIT_CHECKS`` at all of them together.

Faults that only an earlier stage can see are raised there and judged here with the rest: could-not-read, changed-while-read and the
ZIP's faults while the card is read; missing-companion while files are grouped; worker-death, reader-failed, readers-disagree,
source-unreadable and sheet-problem while sources are read.
"""

from collections.abc import Callable, Iterator

from archive.findings import Finding
from pipeline.check import (
    already_archived,
    date_implausible,
    exact_duplicate,
    gps_far_from_site,
    gps_out_of_range,
    mesh_invalid_indices,
    name_collision,
    no_rights,
    panorama_shape,
    rights_unknown,
    scan_nan,
    scan_without_points,
    scan_without_unit_or_crs,
    too_little_space,
    unknown_format,
    unreadable_or_truncated,
    windows_name,
    wrong_extension,
)
from pipeline.check.context import CheckContext
from pipeline.sip import DescribedAsset, DescribedDeposit

AssetCheck = Callable[[DescribedAsset, CheckContext], Iterator[Finding]]
DepositCheck = Callable[[DescribedDeposit, CheckContext], Iterator[Finding]]

ASSET_CHECKS: tuple[AssetCheck, ...] = (
    unreadable_or_truncated.check,
    wrong_extension.check,
    unknown_format.check,
    already_archived.check,
    windows_name.check,
    no_rights.check,
    rights_unknown.check,
    date_implausible.check,
    gps_out_of_range.check,
    gps_far_from_site.check,
    panorama_shape.check,
    scan_without_points.check,
    scan_nan.check,
    scan_without_unit_or_crs.check,
    mesh_invalid_indices.check,
)
DEPOSIT_CHECKS: tuple[DepositCheck, ...] = (exact_duplicate.check, name_collision.check, too_little_space.check)
CHECKS = (*ASSET_CHECKS, *DEPOSIT_CHECKS)
