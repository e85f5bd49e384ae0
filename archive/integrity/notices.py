"""What somebody should take care of, the most urgent first: one sentence each that says what to do now, in three languages."""

from collections.abc import Iterator
from datetime import UTC, datetime

from archive.findings import Finding, Severity
from archive.integrity.figures import Status, Verdict
from archive.integrity.forecast import Need
from archive.ledger.log import Relation
from archive.settings import PRIMARY

LANGUAGES = ("vi", "en", "th")
UNSEEN_DAYS = 45
"""days after which a replica that was not plugged in is asked for"""
_WEEKDAYS = {
    "vi": ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "th": ("วันจันทร์", "วันอังคาร", "วันพุธ", "วันพฤหัสบดี", "วันศุกร์", "วันเสาร์", "วันอาทิตย์"),
}
_SPANS = {"vi": ("{n} phút", "{n} giờ"), "en": ("{n} minutes", "{n} hours"), "th": ("{n} นาที", "{n} ชั่วโมง")}
_HERE = {"vi": "kho chính", "en": "the archive itself", "th": "คลังหลัก"}
_SENTENCES: dict[str, tuple[Severity, str, str, str]] = {
    "ledger-two-pasts": (
        Severity.REFUSE,
        "Nhật ký ở đây có {now} mục, ở “{name}” có {held}, và hai bên không nối tiếp nhau. Đừng thay đổi gì; hãy tìm xem bên nào đúng.",
        "The ledger has {now} entries here and {held} on “{name}”, with two different pasts. Change nothing; find out which one is true.",
        "บันทึกที่นี่มี {now} รายการ บน “{name}” มี {held} และมีอดีตต่างกัน อย่าแก้ไขสิ่งใด ให้หาว่าฝ่ายใดถูกต้อง",
    ),
    "ledger-set-back": (
        Severity.REFUSE,
        "Nhật ký bị đưa về trạng thái cũ: ở đây {now} mục, “{name}” giữ {held}. Hãy cắm đĩa đó và chạy `ditich repair`.",
        "The ledger was set back: {now} entries here, {held} are held by “{name}”. Plug it in and run `ditich repair`.",
        "บันทึกถูกย้อนกลับ: ที่นี่มี {now} รายการ แต่ “{name}” เก็บไว้ {held} โปรดเสียบดิสก์นั้นแล้วเรียก `ditich repair`",
    ),
    "ledger-damaged": (
        Severity.REFUSE,
        "Nhật ký của kho bị hư hại ({path}). Hãy cắm các đĩa có bản sao và chạy `ditich repair`.",
        "The ledger of the archive is damaged ({path}). Plug in the disks with its copies and run `ditich repair`.",
        "บันทึกของคลังเสียหาย ({path}) โปรดเสียบดิสก์ที่มีสำเนาแล้วเรียก `ditich repair`",
    ),
    "ledger-damaged-alone": (
        Severity.REFUSE,
        "Nhật ký của kho bị hư hại ({path}) và kho không có bản sao. Hãy chạy `ditich repair`; nếu không được, lấy ledger/ từ bản lưu cũ.",
        "The ledger is damaged ({path}), and the archive has no copy. Run `ditich repair`; if that fails, restore ledger/ from a backup.",
        "บันทึกของคลังเสียหาย ({path}) และคลังไม่มีสำเนา โปรดเรียก `ditich repair` หากไม่สำเร็จ ให้กู้ ledger/ จากข้อมูลสำรอง",
    ),
    "damaged-objects": (
        Severity.REFUSE,
        "{n} đối tượng bị hư hại, và cả {n} đều có bản tốt ở nơi khác. Hãy chạy `ditich repair`.",
        "Damaged objects: {n}, and all of them have a good copy elsewhere. Run `ditich repair`.",
        "มี {n} รายการเสียหาย และทั้งหมดมีสำเนาที่ดีอยู่ที่อื่น โปรดเรียก `ditich repair`",
    ),
    "damaged-without-copy": (
        Severity.REFUSE,
        "{n} đối tượng bị hư hại mà chưa biết nơi nào còn bản tốt. Đừng xoá gì; hãy tìm thẻ nhớ hoặc bản sao cũ, rồi chạy `ditich audit`.",
        "Damaged objects with no known good copy: {n}. Delete nothing; look for the card or an old copy, then run `ditich audit`.",
        "มี {n} รายการเสียหายและยังไม่พบสำเนาที่ดี อย่าลบสิ่งใด ให้หาการ์ดหรือสำเนาเก่า แล้วเรียก `ditich audit`",
    ),
    "broken-check-list": (
        Severity.WARN,
        "Danh sách kiểm tra {name} bị hỏng: những lần kiểm tra trong đó không được tính. Hãy chạy `ditich repair`.",
        "The check list {name} is damaged: the checks that stand in it do not count. Run `ditich repair`.",
        "รายการตรวจ {name} เสียหาย การตรวจในรายการนั้นจึงไม่นับ โปรดเรียก `ditich repair`",
    ),
    "unreadable-objects": (
        Severity.WARN,
        "{n} đối tượng không đọc được nên chưa biết còn nguyên vẹn hay không. Hãy kiểm tra dây cáp và ổ đĩa, rồi chạy `ditich audit`.",
        "Objects that could not be read, so their state is unknown: {n}. Look at the cable and the disk, then run `ditich audit`.",
        "มี {n} รายการที่อ่านไม่ได้ จึงยังไม่ทราบว่าสมบูรณ์หรือไม่ โปรดตรวจสายและดิสก์ แล้วเรียก `ditich audit`",
    ),
    "late-here": (
        Severity.WARN,
        "{n} lần kiểm tra sẽ trễ hạn. Hãy để máy chạy thêm {span} trước {day} và chạy `ditich audit --due`.",
        "Checks that will be late: {n}. Leave the computer on for {span} more before {day} and run `ditich audit --due`.",
        "การตรวจ {n} รายการจะไม่ทันกำหนด โปรดเปิดเครื่องเพิ่ม {span} ก่อน{day} แล้วเรียก `ditich audit --due`",
    ),
    "late-there": (
        Severity.WARN,
        "{n} lần kiểm tra trên “{name}” sẽ trễ hạn. Hãy cắm đĩa đó và để máy chạy {span} trước {day}.",
        "Checks of “{name}” that will be late: {n}. Plug it in and leave the computer on for {span} before {day}.",
        "การตรวจบน “{name}” {n} รายการจะไม่ทันกำหนด โปรดเสียบดิสก์นั้นและเปิดเครื่อง {span} ก่อน{day}",
    ),
    "late-away": (
        Severity.WARN,
        "{n} lần kiểm tra đến hạn trong lúc máy tắt và sẽ trễ. Hãy kiểm tra trước {day} (chừng {span}): `ditich audit ARK …`.",
        "Checks that fall due with the computer off and will be late: {n}. Make them before {day} (about {span}): `ditich audit ARK…`.",
        "การตรวจ {n} รายการครบกำหนดขณะปิดเครื่องและจะไม่ทัน โปรดตรวจก่อน{day} (ราว {span}): `ditich audit ARK …`",
    ),
    "check-overdue": (
        Severity.WARN,
        "{n}/{of} lần kiểm tra ({percent} %) đã quá hạn. Hãy chạy `ditich audit --due`.",
        "Checks that are overdue: {n}/{of} ({percent} %). Run `ditich audit --due`.",
        "การตรวจ {n}/{of} รายการ ({percent} %) เลยกำหนดแล้ว โปรดเรียก `ditich audit --due`",
    ),
    "same-device": (
        Severity.WARN,
        "“{name}” nằm trên CÙNG một ổ đĩa với kho: ổ đĩa hỏng là mất cả hai. Hãy chuyển bản sao sang một đĩa khác.",
        "“{name}” lies on the SAME disk as the archive: when that disk dies, both are gone. Move the copy to another disk.",
        "“{name}” อยู่บนดิสก์ลูกเดียวกับคลัง หากดิสก์เสียจะสูญทั้งคู่ โปรดย้ายสำเนาไปยังดิสก์อื่น",
    ),
    "replica-beside": (
        Severity.WARN,
        "“{name}” nằm trên CÙNG một ổ đĩa với bản sao “{other}”: hai bản chỉ tính là một. Hãy chuyển một bản sang đĩa khác.",
        "“{name}” lies on the SAME disk as the copy “{other}”: the two count as one. Move one of them to another disk.",
        "“{name}” อยู่บนดิสก์ลูกเดียวกับสำเนา “{other}” นับเป็นสำเนาเดียว โปรดย้ายชุดหนึ่งไปยังดิสก์อื่น",
    ),
    "replica-behind": (
        Severity.WARN,
        "“{name}” còn thiếu {n}/{of} đối tượng. Hãy cắm đĩa đó và chạy `ditich replicate {name}`.",
        "“{name}” lacks {n}/{of} objects. Plug it in and run `ditich replicate {name}`.",
        "“{name}” ยังขาด {n}/{of} รายการ โปรดเสียบดิสก์นั้นแล้วเรียก `ditich replicate {name}`",
    ),
    "replica-unseen": (
        Severity.WARN,
        "“{name}” đã {n} ngày chưa được cắm vào máy. Hãy cắm đĩa đó và chạy `ditich replicate {name}`.",
        "“{name}” was not plugged in for {n} days. Plug it in and run `ditich replicate {name}`.",
        "“{name}” ไม่ได้เสียบมา {n} วันแล้ว โปรดเสียบดิสก์นั้นแล้วเรียก `ditich replicate {name}`",
    ),
    "no-second-location": (
        Severity.WARN,
        "Kho này mới chỉ có một bản. Hãy cắm một đĩa khác và chạy `ditich replica add THƯ-MỤC`.",
        "There is only one copy of this archive. Plug in another disk and run `ditich replica add FOLDER`.",
        "คลังนี้มีเพียงสำเนาเดียว โปรดเสียบดิสก์อีกลูกแล้วเรียก `ditich replica add โฟลเดอร์`",
    ),
    "holiday": (
        Severity.NOTE,
        "Nếu máy nghỉ lâu (như dịp Tết), {n} lần kiểm tra sẽ trễ hạn. Trước khi tắt máy, hãy chạy `ditich audit --due` chừng {span}.",
        "If the computer stays off for a holiday, {n} checks will be late. Before that run `ditich audit --due` for about {span}.",
        "หากปิดเครื่องช่วงวันหยุดยาว การตรวจ {n} รายการจะไม่ทันกำหนด ก่อนปิดเครื่องโปรดเรียก `ditich audit --due` ราว {span}",
    ),
    "nobody-vouches": (
        Severity.NOTE,
        "Chưa có ai bên ngoài giữ dấu kiểm của nhật ký này, nên không ai khác có thể xác nhận nó chưa bị viết lại.",
        "Nobody outside holds a checkpoint of this ledger, so nobody else can vouch that it was not rewritten.",
        "ยังไม่มีบุคคลภายนอกเก็บจุดตรวจสอบของบันทึกนี้ จึงไม่มีใครอื่นยืนยันได้ว่าไม่ได้ถูกเขียนขึ้นใหม่",
    ),
}


def notices_of(figures: Status, now: datetime) -> tuple[Finding, ...]:
    """The notices that these figures give rise to; only those of the ledger while that does not hold."""
    if figures.verdict.of_ledger:
        return tuple(_of_ledger(figures))
    return (
        *_of_damage(figures),
        *_of_dates(figures, now),
        *_of_copies(figures, now),
        *_of_holidays(figures),
        *(() if figures.vouched else (notice("nobody-vouches"),)),
    )


def notice(code: str, about: str = "", **values: object) -> Finding:
    """One notice, about an object, a place or a file; a value that is a dict is a text by language."""
    severity, *sentences = _SENTENCES[code]
    told = {
        language: sentence.format(**{name: value[language] if isinstance(value, dict) else value for name, value in values.items()})
        for language, sentence in zip(LANGUAGES, sentences, strict=True)
    }
    return Finding(code, severity, about, told)


def span(seconds: float) -> dict[str, str]:
    """A time for a person, rounded up: quarters of an hour below two hours, whole hours from there."""
    minutes = max(-(-seconds // 900), 1) * 15
    short = minutes < 120
    number = int(minutes) if short else int(-(-seconds // 3600))
    return {language: _SPANS[language][0 if short else 1].format(n=number) for language in LANGUAGES}


def day_name(seconds: float) -> dict[str, str]:
    """A day for a person, by its weekday and date (UTC)."""
    when = datetime.fromtimestamp(seconds, UTC)
    return {language: f"{_WEEKDAYS[language][when.weekday()]} {when:%Y-%m-%d}" for language in LANGUAGES}


def place_name(location: str) -> dict[str, str]:
    """A location for a person."""
    return _HERE if location == PRIMARY else dict.fromkeys(LANGUAGES, location.partition(":")[2])


def percent(part: int, whole: int) -> str:
    """A share that is never rounded to nothing or to everything; shown beside part and whole, never alone."""
    share = 100 * part / whole if whole else 0.0
    if 0 < share < 0.01:
        return "< 0.01"
    return f"{min(share, 99.99) if part < whole else share:.2f}".rstrip("0").rstrip(".")


def _of_ledger(figures: Status) -> Iterator[Finding]:
    for one in figures.contradictions:
        code = "ledger-set-back" if one.relation is Relation.ROLLED_BACK else "ledger-two-pasts"
        yield notice(code, one.holder, name=one.holder, held=one.held, now=one.here)
    if figures.verdict is Verdict.LEDGER:
        path = figures.ledger_faults[0][0]
        yield notice("ledger-damaged" if figures.copies else "ledger-damaged-alone", path, path=path)


def _of_damage(figures: Status) -> Iterator[Finding]:
    saved = {one.object_id for one in figures.damage if one.good_at}
    lost = {one.object_id for one in figures.damage} - saved
    if lost:
        yield notice("damaged-without-copy", _only(lost), n=len(lost))
    if saved:
        yield notice("damaged-objects", _only(saved), n=len(saved))
    yield from (notice("broken-check-list", name, name=name) for name in figures.broken_lists)
    if figures.unreadable:
        yield notice("unreadable-objects", n=figures.unreadable)


def _only(ids: set[str]) -> str:
    return next(iter(ids)) if len(ids) == 1 else ""


def _of_dates(figures: Status, now: datetime) -> Iterator[Finding]:
    if figures.overdue:
        yield notice("check-overdue", n=figures.overdue, of=figures.looks, percent=percent(figures.overdue, figures.looks))
    for need in figures.ahead.needs:
        yield _late(need, now)


def _late(need: Need, now: datetime) -> Finding:
    code = "late-away" if need.away else "late-here" if need.location == PRIMARY else "late-there"
    before = max(need.before, now.timestamp())
    return notice(code, need.location, n=need.late, span=span(need.seconds), day=day_name(before), name=place_name(need.location))


def _of_copies(figures: Status, now: datetime) -> Iterator[Finding]:
    for one in figures.copies:
        if one.same_device:
            yield notice("same-device", name=one.name)
        if one.beside:
            yield notice("replica-beside", name=one.name, other=one.beside)
        unseen = (now - datetime.fromisoformat(one.last_seen)).days if one.last_seen else 0
        if one.behind:
            yield notice("replica-behind", name=one.name, n=one.behind, of=one.objects)
        elif unseen > UNSEEN_DAYS:
            yield notice("replica-unseen", name=one.name, n=unseen)
    if not figures.copies and not figures.second_location:
        yield notice("no-second-location")


def _of_holidays(figures: Status) -> Iterator[Finding]:
    """One notice for all places together; where something is late anyway, that is said instead."""
    late = {need.location for need in figures.ahead.needs}
    reserves = [need for need in figures.ahead.reserves if need.location not in late]
    if reserves:
        yield notice("holiday", n=sum(need.late for need in reserves), span=span(sum(need.seconds for need in reserves)))
