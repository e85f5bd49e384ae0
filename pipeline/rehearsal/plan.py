"""The drawn plan of the model house: what a survey office would hand in, as a picture. Drawn from the same numbers as the model."""

from PIL import Image, ImageDraw

from pipeline.rehearsal import house
from pipeline.rehearsal.lettering import font
from pipeline.rehearsal.place import BADGE

WIDTH, HEIGHT = 1754, 1240
SCALE = 66.0
MIDDLE = (720, 610)
INK = (38, 34, 32)
FAINT = (150, 140, 130)
RED = (150, 40, 25)
PAPER = (252, 250, 245)


def _at(x: float, y: float) -> tuple[float, float]:
    return MIDDLE[0] + x * SCALE, MIDDLE[1] - y * SCALE


def _box(draw: ImageDraw.ImageDraw, low: tuple[float, float], high: tuple[float, float], **style: object) -> None:
    (x0, y1), (x1, y0) = _at(*low), _at(*high)
    draw.rectangle((x0, y0, x1, y1), **style)  # type: ignore[arg-type]


def draw_plan() -> Image.Image:
    """The plan, A4 across at 150 dots an inch."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    _box(draw, (-8.1, -6.3), (8.1, 6.3), outline=INK, width=2)
    _box(draw, (-house.ROOF.half_x, -house.ROOF.half_y), (house.ROOF.half_x, house.ROOF.half_y), outline=FAINT, width=1)
    _walls(draw)
    for k in range(4):
        _box(draw, (-2.6, -6.3 - 0.34 * (k + 1)), (2.6, -6.3 - 0.34 * k), outline=INK, width=2)
    for x in house.COLUMN_X:
        for y in house.COLUMN_Y:
            cx, cy = _at(x, y)
            draw.ellipse((cx - 12, cy - 12, cx + 12, cy + 12), fill=INK)
    for x, y, w, d in ((0.0, 4.5, 3.1, 1.1), (0.0, 3.2, 2.3, 0.9), (0.0, 1.75, 1.9, 0.75), (-3.2, 4.3, 1.7, 0.8), (3.2, 4.3, 1.7, 0.8)):
        _box(draw, (x - w / 2, y - d / 2), (x + w / 2, y + d / 2), outline=RED, width=3)
    _measures(draw)
    _writing(draw)
    return image


def _walls(draw: ImageDraw.ImageDraw) -> None:
    for side in (-1, 1):
        x0, x1 = sorted((side * 6.86, side * 7.14))
        _box(draw, (x0, -2.8), (x1, 5.44), fill=(196, 188, 176), outline=INK, width=2)
        x0, x1 = sorted((side * 4.87, side * 6.86))
        _box(draw, (x0, -2.92), (x1, -2.68), fill=(226, 220, 210), outline=INK, width=2)
    _box(draw, (-7.14, 5.16), (7.14, 5.44), fill=(196, 188, 176), outline=INK, width=2)


def _measures(draw: ImageDraw.ImageDraw) -> None:
    """A chain of dimensions along the columns, below and to the right, metres."""
    face = font(20)
    level = _at(0.0, -8.35)[1]
    for x0, x1 in zip(house.COLUMN_X[:-1], house.COLUMN_X[1:], strict=True):
        draw.line((_at(x0, 0)[0], level, _at(x1, 0)[0], level), fill=INK, width=2)
        draw.text((_at((x0 + x1) / 2, 0)[0], level - 16), f"{x1 - x0:.2f}", fill=INK, font=face, anchor="mm")
    for x in house.COLUMN_X:
        draw.line((_at(x, 0)[0], level - 9, _at(x, 0)[0], level + 9), fill=INK, width=2)
    upright = _at(9.35, 0.0)[0]
    for y0, y1 in zip(house.COLUMN_Y[:-1], house.COLUMN_Y[1:], strict=True):
        draw.line((upright, _at(0, y0)[1], upright, _at(0, y1)[1]), fill=INK, width=2)
        draw.text((upright + 8, _at(0, (y0 + y1) / 2)[1]), f"{y1 - y0:.2f}", fill=INK, font=face, anchor="lm")
    for y in house.COLUMN_Y:
        draw.line((upright - 9, _at(0, y)[1], upright + 9, _at(0, y)[1]), fill=INK, width=2)


def _writing(draw: ImageDraw.ImageDraw) -> None:
    draw.text((60, 46), "ĐÌNH MẪU – MẶT BẰNG CHÍNH ĐIỆN", fill=INK, font=font(38, bold=True))
    draw.text((60, 98), f"{BADGE} – bản vẽ diễn tập, không phải di tích có thật", fill=RED, font=font(24))
    lines = ("Ba gian hai chái", "Cột: 5 hàng × 6", "Tỷ lệ: theo thước", "Đơn vị: mét", "1 Khám thờ", "2 Hương án", "3 Bàn trước")
    for k, line in enumerate(lines):
        draw.text((1440, 300 + 40 * k), line, fill=INK, font=font(24))
    for number, (x, y) in (("1", (0.0, 4.5)), ("2", (0.0, 3.2)), ("3", (0.0, 1.75))):
        draw.text(_at(x, y), number, fill=RED, font=font(26, bold=True), anchor="mm")
    for text, (x, y) in (("Gian giữa", (0.0, -0.9)), ("Gian đông", (3.2, -0.9)), ("Gian tây", (-3.2, -0.9)), ("Hiên", (0.0, -4.2))):
        draw.text(_at(x, y), text, fill=FAINT, font=font(24), anchor="mm")
    draw.line((1560, 230, 1560, 110), fill=INK, width=4)
    draw.polygon([(1560, 92), (1546, 128), (1574, 128)], fill=INK)
    draw.text((1560, 250), "Bắc", fill=INK, font=font(24), anchor="mm")
    x, y = 1440, 1120
    for k in range(5):
        draw.rectangle((x + k * SCALE * 0.5, y, x + (k + 1) * SCALE * 0.5, y + 12), fill=INK if k % 2 == 0 else PAPER, outline=INK)
    draw.text((x, y + 20), "0", fill=INK, font=font(20))
    draw.text((x + 5 * SCALE * 0.5, y + 20), "2,5 m", fill=INK, font=font(20))


NOTE = (
    "Đình Mẫu là một ngôi đình dựng bằng máy tính để diễn tập số hoá di tích.",
    "Không có làng nào, vị thần nào, năm tháng nào được nói tới ở đây là có thật.",
    "",
    "Mặt bằng: ba gian hai chái; cột xếp năm hàng, mỗi hàng sáu cột, trên chân tảng đá.",
    "Vì kèo: bốn vì chính ở hai bên các gian; xà dọc, xà ngang gỗ sơn sẫm.",
    "Mái: lợp ngói âm dương, bốn góc cong; bờ nóc đắp lưỡng long triều nguyệt khảm sành.",
    "Tường: hai bên và phía sau xây gạch trát vữa; phía trước mở bằng cửa bức bàn.",
    "Sân: lát gạch Bát Tràng; có lư hương đá, bình phong, nhà bia, giếng và cổng bốn trụ.",
    "",
    "Các dấu vàng trên hoành phi, câu đối và các dấu khắc trên bia chỉ là hoạ tiết, không phải chữ.",
    "Toạ độ trong tập này là toạ độ giả, nằm ngoài biển.",
)


def draw_note() -> Image.Image:
    """The second page: what the house is, in words."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    draw.text((140, 120), "ĐÌNH MẪU – THUYẾT MINH", fill=INK, font=font(42, bold=True))
    draw.text((140, 182), BADGE, fill=RED, font=font(28))
    for k, line in enumerate(NOTE):
        draw.text((140, 270 + 58 * k), line, fill=INK, font=font(30))
    return image
