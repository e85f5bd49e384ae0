"""Small makers of bags, whole ones and damaged ones."""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

import bagit

from archive.bagit.report import BagReport, Wishes
from archive.bagit.source import open_bag
from archive.bagit.validate import validate_bag

FILES = {"data/ảnh 1.jpg": b"one", "data/b/two.txt": b"two, longer", "data/empty": b""}


def declared(version: str = "1.0", encoding: str = "UTF-8") -> bytes:
    return f"BagIt-Version: {version}\nTag-File-Character-Encoding: {encoding}\n".encode()


def listed(files: Mapping[str, bytes], algorithm: str = "sha512") -> bytes:
    return "".join(f"{hashlib.new(algorithm, content).hexdigest()}  {path}\n" for path, content in sorted(files.items())).encode()


def put(folder: Path, path: str, content: bytes) -> Path:
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return place


def make_bag(
    folder: Path,
    files: Mapping[str, bytes] | None = None,
    *,
    version: str = "1.0",
    algorithms: Sequence[str] = ("sha512",),
    tags: bool = True,
) -> Path:
    """A whole bag with these payload files."""
    files = FILES if files is None else files
    written = {"bagit.txt": declared(version)} | {f"manifest-{name}.txt": listed(files, name) for name in algorithms}
    if tags:
        written |= {f"tagmanifest-{name}.txt": listed(written, name) for name in algorithms}
    (folder / "data").mkdir(parents=True, exist_ok=True)
    for path, content in {**files, **written}.items():
        put(folder, path, content)
    return folder


def judged(folder: Path, **wishes: object) -> BagReport:
    with open_bag(folder) as source:
        return validate_bag(source, Wishes(**wishes))  # type: ignore[arg-type]


def codes(folder: Path, **wishes: object) -> list[str]:
    """The codes of everything found, without the notes that a small test bag always has."""
    return [finding.code for finding in judged(folder, **wishes).findings]


def oracle_accepts(folder: Path) -> bool:
    """What bagit-python says."""
    logging.disable(logging.CRITICAL)
    try:
        bagit.Bag(str(folder)).validate()
    except (bagit.BagError, OSError, UnicodeError):
        return False
    finally:
        logging.disable(logging.NOTSET)
    return True


def relist(bag: Path, manifest: bytes, algorithm: str = "sha512") -> Path:
    """Replace the payload manifest; without tag manifests, so that it alone is judged."""
    for name in bag.glob("tagmanifest-*"):
        name.unlink()
    put(bag, f"manifest-{algorithm}.txt", manifest)
    return bag
