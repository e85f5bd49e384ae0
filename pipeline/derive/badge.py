"""Writes what a picture is into its pixels: SIMULATED or RECONSTRUCTION, in Vietnamese and English.

The letters are drawn here, stroke by stroke, because a font would make the pixels depend on the machine. A photo carries one label
in its lower left corner. A sphere carries small ones below the horizon, 60° apart, so that every view holds one and none hides
what one came to see.
"""

from math import cos, radians

import pyvips

from pipeline.derive.sphere import SpherePart

WORDS = {"simulated": "MÔ PHỎNG · SIMULATED", "reconstruction": "PHỤC DỰNG · RECONSTRUCTION"}
"""By Nature; a survey carries no words."""
_GAP = 2.6
_SPACE = 7.0
_STROKE = 1.5
_ROUND_U = "M0 0V6.4A3.5 3.6 0 0 0 7 6.4V0"
_ROUND_O = "M4.2 0A4.2 5 0 1 0 4.2 10A4.2 5 0 1 0 4.2 0"
_DOT_BELOW = "M3.5 12.6v0.01"
_GLYPHS: dict[str, tuple[float, str]] = {
    "A": (8.0, "M0 10L4 0L8 10M1.5 6.6H6.5"),
    "C": (7.4, "M7.2 1.9A4.2 5 0 1 0 7.2 8.1"),
    "D": (7.4, "M0 0V10H2.6A4.8 5 0 0 0 2.6 0Z"),
    "E": (6.0, "M6 0H0V10H6M0 4.9H5"),
    "G": (7.8, "M7.3 1.9A4.2 5 0 1 0 7.7 7.4V5.4H4.8"),
    "H": (7.0, "M0 0V10M7 0V10M0 4.9H7"),
    "I": (0.01, "M0 0V10"),
    "L": (5.4, "M0 0V10H5.4"),
    "M": (8.8, "M0 10V0L4.4 6.8L8.8 0V10"),
    "N": (7.2, "M0 10V0L7.2 10V0"),
    "O": (8.4, _ROUND_O),
    "Ô": (8.4, f"{_ROUND_O}M2.4 -1.9L4.2 -3.4L6 -1.9"),
    "Ỏ": (8.4, f"{_ROUND_O}M3.3 -4C4.6 -5.2 6.2 -3.6 4.6 -2.8V-2"),
    "P": (6.2, "M0 10V0H3.4A2.8 2.8 0 0 1 3.4 5.6H0"),
    "R": (6.4, "M0 10V0H3.4A2.8 2.8 0 0 1 3.4 5.6H0M3.2 5.6L6.4 10"),
    "S": (6.4, "M6.1 1.6C5.4 0.5 4.4 0 3.2 0C1.4 0 0.3 1.1 0.3 2.5C0.3 5.9 6.4 4.1 6.4 7.4C6.4 9 5.1 10 3.3 10C1.8 10 0.7 9.4 0 8.2"),
    "T": (7.0, "M0 0H7M3.5 0V10"),
    "U": (7.0, _ROUND_U),
    "Ụ": (7.0, _ROUND_U + _DOT_BELOW),
    "Ự": (7.6, f"{_ROUND_U}M7 1.2C8.6 1.2 9.2 0 8.7 -1.2{_DOT_BELOW}"),
    "·": (1.0, "M0.5 5v0.01"),
}
_SPHERE_PITCH = -17.0
_SPHERE_STEP = 60
_SPHERE_CAP = 1.15
"""Height of the letters on a sphere, in degrees."""
_LEAST_CAP = 7.5
"""Below so many pixels the letters cannot be read."""


def stamp_photo(picture: pyvips.Image, nature: str) -> pyvips.Image:
    """The picture with the words for its nature in the lower left corner; unchanged for a survey."""
    words = WORDS.get(nature)
    if words is None:
        return picture
    label = _label(words, max(_LEAST_CAP, min(picture.width, picture.height) * 0.022))
    room = picture.width * 0.9 / label.width
    label = label if room >= 1 else _label(words, max(3.0, label.height / 2.4 * room))
    margin = max(2, round(min(picture.width, picture.height) * 0.015))
    return _laid_on(picture, [(label, margin, max(0, picture.height - label.height - margin))])


def stamp_sphere(picture: pyvips.Image, nature: str, part: SpherePart) -> pyvips.Image:
    """The equirectangular picture with small words all round below the horizon; unchanged for a survey.

    A part of a sphere that does not reach down there carries them at its lower edge, and always at least one.
    """
    words = WORDS.get(nature)
    if words is None:
        return picture
    degree = part.full_width / 360
    label = _label(words, max(_LEAST_CAP, _SPHERE_CAP * degree), 1 / cos(radians(_SPHERE_PITCH)))
    middle = part.full_height / 2 - _SPHERE_PITCH * part.full_height / 180 - part.top
    top = round(min(max(middle - label.height / 2, 0), picture.height - label.height))
    step = _SPHERE_STEP if label.width < 0.7 * _SPHERE_STEP * degree else 2 * _SPHERE_STEP
    centres = [(yaw + 180) * degree - part.left for yaw in range(-180 + step // 2, 180, step)]
    lefts = [round(centre - label.width / 2) for centre in centres]
    fitting = [left for left in lefts if 0 <= left <= picture.width - label.width]
    return _laid_on(picture, [(label, left, top) for left in fitting or [max(0, (picture.width - label.width) // 2)]])


def _label(words: str, cap: float, stretch: float = 1.0) -> pyvips.Image:
    """White letters ``cap`` pixels high on a dark, half transparent plate: RGBA.

    Args:
        words: letters that ``_GLYPHS`` draws.
        cap: height of a capital letter in pixels.
        stretch: how much wider than high everything is drawn.
    """
    strokes, at = [], 0.0
    for letter in words:
        if letter == " ":
            at += _SPACE - _GAP
            continue
        width, path = _GLYPHS[letter]
        strokes.append(f'<path transform="translate({at:.2f} 0)" d="{path}"/>')
        at += width + _GAP
    left, top, width, height = -5.0, -7.0, at - _GAP + 10.0, 24.0
    scale = cap / 10
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width * scale * stretch:.2f}" height="{height * scale:.2f}" '
        f'viewBox="{left} {top} {width:.2f} {height}" preserveAspectRatio="none">'
        f'<rect x="{left}" y="{top}" width="{width:.2f}" height="{height}" rx="4" fill="#1c1714" fill-opacity="0.62"/>'
        f'<g fill="none" stroke="#fff" stroke-opacity="0.94" stroke-width="{_STROKE}" stroke-linecap="round" '
        f'stroke-linejoin="round">{"".join(strokes)}</g></svg>'
    )
    return _drawn(drawing)


def _drawn(svg: str) -> pyvips.Image:
    """Our own drawing as a picture. SVG stays blocked for everything else that this process opens."""
    pyvips.operation_block_set("VipsForeignLoadSvg", False)
    try:
        return pyvips.Image.svgload_buffer(svg.encode()).copy_memory()
    finally:
        pyvips.operation_block_set("VipsForeignLoadSvg", True)


def _laid_on(picture: pyvips.Image, labels: list[tuple[pyvips.Image, int, int]]) -> pyvips.Image:
    """The picture with labels composited; only the rows and columns below a label are computed anew."""
    for label, left, top in labels:
        width, height = min(label.width, picture.width - left), min(label.height, picture.height - top)
        shown = label.crop(0, 0, width, height)
        ground = picture.crop(left, top, width, height)
        alpha = shown.extract_band(3) / 255
        blended = (shown.extract_band(0, n=3) * alpha + ground * (1 - alpha)).rint().cast("uchar")
        picture = picture.insert(blended.copy(interpretation="srgb"), left, top)
    return picture
