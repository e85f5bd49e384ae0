"""Which mesh format a file is, from its first bytes; its ending speaks for those that have no signature."""

from pathlib import Path

from pipeline.readers.meshes import READERS

_SIGNATURES = (
    (b"glTF", "glb"),
    (b"ply", "ply"),
    (b"PXR-USDC", "usd"),
    (b"#usda", "usd"),
    (b"DRACO", "draco"),
    (b"OFF", "off"),
    (b"{", "gltf"),
    (b"<", "dae"),
)
_ZIPPED = {"usdz": "usdz", "3mf": "3mf"}
_ENDINGS = {"usda": "usd", "usdc": "usd", "drc": "draco"}


def sniff_format(name: str, head: bytes) -> str:
    """A key of READERS, or "" when neither bytes nor ending betray one.

    Args:
        name: as delivered.
        head: the first bytes.
    """
    ending = Path(name).suffix.lower().lstrip(".")
    if head.startswith(b"PK"):
        return _ZIPPED.get(ending, "3mf")
    found = next((form for signature, form in _SIGNATURES if head.lstrip().startswith(signature)), "")
    ending = _ENDINGS.get(ending, ending)
    return found or (ending if ending in READERS else "")


def format_of(name: str, path: Path, formats: dict[str, str]) -> str:
    """The format of an asset's principal file: as identified, else by a look at its bytes."""
    stated = formats.get(name, "")
    if stated in READERS:
        return stated
    with path.open("rb") as stream:
        return sniff_format(name, stream.read(64))
