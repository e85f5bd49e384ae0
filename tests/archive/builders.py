"""Small makers for the archive's tests: homes, drafts, and storages that fail where a test says so."""

import contextlib
import io
import os
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ocfl.validator import Validator

from archive.accession import accession
from archive.errors import StorageError
from archive.home import Home, create_home
from archive.ocfl.digests import digests_of
from archive.records.asset import Asset, AssetKind, FileRole, FormatVerdict, Nature, OriginalFile
from archive.records.identifiers import ark_from_blade, mint_asset, mint_site
from archive.records.package import ArchivalPackage, FileToKeep, VersionDraft
from archive.records.serialise import to_json
from archive.records.site import Fact, Site
from archive.records.text import LocalText
from archive.storage.local import LocalStorage
from archive.storage.memory import MemoryStorage

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
SITE = ark_from_blade("99999", "1d2g8kmn3f5c7tzv")
MUTATIONS = (
    "make_folder",
    "write_new",
    "copy_in",
    "adopt",
    "release",
    "rename",
    "replace",
    "append",
    "truncate",
    "remove_file",
    "discard",
    "remove_folder",
    "sync",
    "sync_file",
    "sync_folder",
)


def new_home(folder: Path, **settings: str) -> Home:
    return create_home(folder / "home", name="Kho thử nghiệm", keys=folder / "keys", **settings)


def file_of(path: str, content: bytes) -> FileToKeep:
    digests = digests_of(content)
    return FileToKeep(path, digests.sha512, digests.sha256, digests.size, content=content)


def kept_file(path: str, content: bytes) -> FileToKeep:
    digests = digests_of(content)
    return FileToKeep(path, digests.sha512, digests.sha256, digests.size, kept=True)


def received_file(home: Home, path: str, content: bytes, *, move: bool = True) -> FileToKeep:
    source = home.incoming / "deposit" / f"{digests_of(content).sha256[:20]}.bin"
    source.parent.mkdir(exist_ok=True)
    source.write_bytes(content)
    digests = digests_of(content)
    return FileToKeep(path, digests.sha512, digests.sha256, digests.size, source=source, move=move)


def draft(object_id: str, base: str = "", /, **contents: bytes) -> VersionDraft:
    """A draft whose files are the keyword arguments; ``__`` stands for a slash and ``_json`` at the end for ``.json``."""
    files = tuple(file_of(name.replace("__", "/").replace("_json", ".json"), content) for name, content in contents.items())
    return VersionDraft(object_id, base, files, "test")


def keep(home: Home, *drafts: VersionDraft) -> tuple[ArchivalPackage, ...]:
    return accession(home, drafts, agent=home.config.agent, now=NOW)


def asset_record(content: bytes, title: str, *, site: str = SITE, path: str = "a.jpg") -> Asset:
    digests = digests_of(content)
    verdict = FormatVerdict("jpeg", "image/jpeg", "fmt/43")
    original = OriginalFile(path, os.fsencode(path).hex(), digests.size, digests.sha512, digests.sha256, FileRole.PRINCIPAL, verdict)
    ark = mint_asset("99999", site, digests.sha512)
    return Asset(ark, site, AssetKind.PHOTO, Nature.SURVEY, LocalText(vi=title), (original,))


def asset_draft(content: bytes, title: str, *, site: str = SITE) -> VersionDraft:
    record = asset_record(content, title, site=site)
    return VersionDraft(record.ark, "", (file_of("record.json", to_json(record)), file_of("original/a.jpg", content)), "ingest")


def site_draft(slug: str = "dinh-thac-gian", name: str = "Đình Thạc Gián", ark: str = "") -> VersionDraft:
    site = Site(
        ark or mint_site("99999"),
        slug,
        LocalText(vi=name, en=None, th="ศาลาประชาคม"),
        LocalText(vi="Đình làng ở Đà Nẵng"),
        Nature.SURVEY,
        (Fact("rank", LocalText(vi="Di tích cấp quốc gia")),),
    )
    return VersionDraft(site.ark, "", (file_of("site.json", to_json(site)),), "site")


def oracle_accepts(home: Home, object_id: str) -> tuple[bool, str]:
    """What ocfl-py says of an object."""
    validator = Validator()
    with contextlib.redirect_stdout(io.StringIO()):
        verdict = validator.validate_object(str(home.root / home.objects.folder_of(object_id)))
    return bool(verdict), str(validator)


def sha512sum_accepts(home: Home, object_id: str) -> bool:
    """Whether coreutils agrees with the manifest."""
    from archive.ocfl.object import read_inventory

    folder = home.objects.folder_of(object_id)
    manifest = read_inventory(home.tree, folder).inventory.sha512_by_content_path()
    lines = "".join(f"{digest}  {path}\n" for path, digest in manifest.items())
    done = subprocess.run(
        ["sha512sum", "-c", "--strict", "--status"], input=lines.encode(), cwd=home.root / folder, check=False, capture_output=True
    )
    return done.returncode == 0


def flip_byte(path: Path, offset: int = 0) -> None:
    """Change one bit of a file, whatever its permissions."""
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[offset] ^= 1
    path.write_bytes(content)


def memory_copy(home: Home) -> Home:
    """The same home in memory."""
    tree = MemoryStorage()
    for folder, _folders, files in os.walk(home.root):
        relative = os.path.relpath(folder, home.root)
        prefix = "" if relative == "." else f"{relative}/"
        if prefix:
            tree.nodes[prefix.rstrip("/")] = None
        for name in files:
            tree.nodes[prefix + name] = bytearray((Path(folder) / name).read_bytes())
    return Home(home.root, home.config, home.keys, tree)


class PowerCut(BaseException):
    """The process ends here."""


class WatchedStorage(LocalStorage):
    """A local storage that calls ``before`` with the name and first argument of every call that changes something."""

    def __init__(self, root: Path, before: Callable[[str, Any], None]) -> None:
        super().__init__(root)
        self._before = before

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name not in MUTATIONS:
            return found

        def watched(*arguments: Any) -> Any:
            self._before(name, arguments[0] if arguments else "")
            # A process that ends loses nothing that it wrote: what is not synced shows in tests/proofs/test_crash_states.py.
            return None if name.startswith("sync") else found(*arguments)

        return watched


class Failing:
    """Fails at the n-th change: once with an error, or for ever like a process that is gone."""

    def __init__(self, at: int, *, dies: bool) -> None:
        self.at = at
        self.dies = dies
        self.count = 0

    def __call__(self, name: str, first: object) -> None:
        self.count += 1
        if self.dies and self.count >= self.at:
            raise PowerCut
        if self.count == self.at:
            raise StorageError("The disk is full: test.", advice="Make room.", detail=f"{name} {first}")


def watched_home(home: Home, before: Callable[[str, Any], None]) -> Home:
    return Home(home.root, home.config, home.keys, WatchedStorage(home.root, before))
