"""Small makers for tests of the way from a folder to the archive: cards, homes with a site, whole ingests."""

import io
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import PIL.Image
import pytest

from archive import access
from archive.catalogue import open_catalogue
from archive.home import Home
from archive.records.asset import AssetKind, FormatVerdict, GeoPosition, Nature, SourcedValue
from archive.records.identifiers import ark_from_blade
from archive.records.site import Site
from archive.records.text import LocalText
from pipeline.ingest import Ingest, check_folder, ingest
from pipeline.ingest_options import IngestOptions
from pipeline.report import IngestReport
from pipeline.sip import CandidateAsset, Deposit, DescribedAsset, DescribedDeposit, IdentifiedFile, ReceivedFile
from pipeline.workers import ParserWorkers
from tests.archive.builders import keep, new_home, site_draft

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
SITE = ark_from_blade("99999", "1d2g8kmn3f5c7tzv")
NOT_THERE = ark_from_blade("99999", "0" * 16)
CUBE = b"mtllib cube.mtl\nv 0 0 0\nv 1 0 0\nv 0 1 0\nvt 0 0\nf 1/1 2/1 3/1\n"
CUBE_MTL = b"newmtl red\nmap_Kd skin of house.jpg\n"


def jpeg(shade: int = 90, size: tuple[int, int] = (64, 48)) -> bytes:
    written = io.BytesIO()
    pixels = random.Random(shade).randbytes(size[0] * size[1] * 3)
    PIL.Image.frombytes("RGB", size, pixels).save(written, "JPEG")
    return written.getvalue()


def write(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@dataclass
class Desk:
    """A home with one site, and the workers to ingest into it."""

    home: Home
    site: Site
    workers: ParserWorkers

    def job(self, **options: object) -> Ingest:
        return Ingest(self.home, self.site, self.workers, replace(IngestOptions(), **options), now=NOW)  # type: ignore[arg-type]

    def ingest(self, folder: Path, **options: object) -> IngestReport:
        return ingest(folder, self.job(**options))

    def check(self, folder: Path, **options: object) -> IngestReport:
        return check_folder(folder, self.job(**options))

    def objects(self, kind: str = "asset") -> list[str]:
        return [one for one in access.list_objects(self.home) if access.record_kind(self.home, one) == kind]

    def only_asset(self) -> str:
        (ark,) = self.objects()
        return ark


def new_desk(folder: Path, workers: ParserWorkers) -> Desk:
    home = new_home(folder)
    keep(home, site_draft(ark=SITE))
    with open_catalogue(home):
        pass
    return Desk(home, access.read_site(home, SITE), workers)


@pytest.fixture(scope="session")
def workers() -> Iterator[ParserWorkers]:
    with ParserWorkers(2) as slots:
        yield slots


@pytest.fixture
def desk(tmp_path: Path, workers: ParserWorkers) -> Desk:
    return new_desk(tmp_path / "desk", workers)


@pytest.fixture
def card(tmp_path: Path) -> Path:
    folder = tmp_path / "card"
    folder.mkdir()
    return folder


def received(path: str, digest: str = "") -> ReceivedFile:
    """A received file that exists only in words."""
    name = path.encode("utf-8", "surrogateescape")
    return ReceivedFile(path, name.hex(), Path("/nowhere"), 7, digest or name.hex().ljust(128, "0")[:128], "0" * 64, "2026-01-02T03:04:05Z")


def identified(path: str, name: str = "jpeg", digest: str = "") -> IdentifiedFile:
    return IdentifiedFile(received(path, digest), FormatVerdict(name, "x/y", basis="test"))


def described(path: str = "a.jpg", name: str = "jpeg", **fields: object) -> DescribedAsset:
    """A described asset of one file; fields as they are named in DescribedAsset."""
    asset = DescribedAsset(
        candidate=CandidateAsset(AssetKind.PHOTO, identified(path, name)),
        kind=AssetKind.PHOTO,
        nature=Nature.SURVEY,
        title=LocalText(),
        description=LocalText(),
        creator="",
        captured=None,
        position=None,
        rights=SITE_RECORD.defaults.rights,
        access=SITE_RECORD.defaults.access,
        subject=(),
        facts={},
    )
    return replace(asset, **fields)  # type: ignore[arg-type]


def facts(**values: object) -> dict[str, SourcedValue]:
    return {name: SourcedValue(value, "test") for name, value in values.items()}


def position(latitude: float, longitude: float) -> GeoPosition:
    return GeoPosition(latitude, longitude, source="exif:GPS")


def deposit_of(*assets: DescribedAsset) -> DescribedDeposit:
    files = tuple(one.file for asset in assets for one in asset.candidate.files)
    return DescribedDeposit(Deposit("ark:99999/dtx", SITE, "card", "2026-01-01T00:00:00Z", files), assets, ())


SITE_RECORD = Site(SITE, "dinh", LocalText(vi="Đình"), LocalText(), Nature.SURVEY, ())
