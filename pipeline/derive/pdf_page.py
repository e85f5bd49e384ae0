"""A picture of a PDF's first page, for the page that tells of the document."""

from pathlib import Path
from typing import Any

from archive.errors import UnreadableError
from archive.records.derivative import MediaRole
from pipeline.derive.badge import stamp_photo
from pipeline.derive.deriver import Made
from pipeline.derive.encode import fitted, write_pair

_POSTER = 1280
_THUMBNAIL = 400
_LARGEST_SCALE = 8.0


def make(sources: tuple[tuple[str, Path], ...], output: Path, asset_facts: dict[str, Any]) -> Made:
    """Write poster and thumbnail of the first page, each as AVIF and JPEG.

    Args:
        sources: (logical path, file), the PDF first.
        output: empty folder.
        asset_facts: "nature".

    Returns:
        facts: ``pages``, how many the document has.

    Raises:
        UnreadableError: PDFium cannot open it, or it wants a password.
    """
    import pypdfium2
    import pyvips

    try:
        document = pypdfium2.PdfDocument(sources[0][1])
        page = document[0]
        scale = min(_POSTER / max(1.0, *page.get_size()), _LARGEST_SCALE)
        pixels = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False).to_numpy()[..., :3]
        pages = len(document)
    except (pypdfium2.PdfiumError, ValueError, IndexError) as error:
        raise UnreadableError(f"“{sources[0][0]}” cannot be opened as a PDF.", detail=str(error)) from error
    picture = pyvips.Image.new_from_array(pixels.copy()).copy(interpretation="srgb")
    nature = asset_facts["nature"]
    small = stamp_photo(fitted(picture, _THUMBNAIL), nature)
    files = [
        *write_pair(stamp_photo(picture, nature), output, MediaRole.POSTER, "poster"),
        *write_pair(small, output, MediaRole.THUMBNAIL, "thumbnail"),
    ]
    return Made(tuple(files), {"pages": pages})
