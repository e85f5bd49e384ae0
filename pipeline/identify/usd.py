"""Universal Scene Description outside its package: the text form (#usda) and the binary crate (PXR-USDC)."""

from pipeline.identify.format import Format, Recognised, Sample


def recognise(sample: Sample) -> Recognised | None:
    """The first line of the text, or the eight bytes, version and table of contents of the crate."""
    if sample.head.startswith(b"#usda "):
        return Recognised("usd", "first line #usda", "usda " + sample.head[6:16].split()[0].decode("ascii", "replace"))
    if sample.head.startswith(b"PXR-USDC") and len(sample.head) >= 24:
        contents_at = sample.unpack("<Q", 16)[0]
        words = "table of contents within the file" if contents_at < sample.size else "table of contents beyond the end"
        return Recognised("usd", f"signature PXR-USDC; {words}", "usdc " + ".".join(str(part) for part in sample.head[8:11]))
    return None


FORMAT = Format({"usd": ("model/vnd.usd", "Universal Scene Description|USD")}, recognise)
