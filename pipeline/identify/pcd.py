"""PCD of the Point Cloud Library: a text header of VERSION, FIELDS, SIZE, TYPE, COUNT, WIDTH, HEIGHT, POINTS, DATA."""

from pipeline.identify.format import Format, Recognised, Sample


def recognise(sample: Sample) -> Recognised | None:
    """The comment or the VERSION line first, FIELDS and DATA behind it."""
    header = sample.head[:4096]
    if not header.lstrip().startswith((b"# .PCD", b"VERSION", b"FIELDS")):
        return None
    entries: dict[str, str] = {}
    for line in header.decode("latin-1").splitlines():
        keyword, _, value = line.strip().partition(" ")
        entries.setdefault(keyword.upper(), value.strip())
        if keyword.upper() == "DATA":
            break
    if not {"FIELDS", "DATA"} <= entries.keys():
        return Recognised("pcd", "signature .PCD; no whole header behind it") if header.startswith(b"# .PCD") else None
    basis = f"PCD header: fields {entries['FIELDS']}; {entries.get('POINTS', '?')} points; data {entries['DATA']}"
    return Recognised("pcd", basis, entries.get("VERSION", ""))


FORMAT = Format({"pcd": ("model/pcd", "Point Cloud Data")}, recognise)
