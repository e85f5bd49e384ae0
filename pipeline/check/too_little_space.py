"""Too little room on the archive's disk, counted before anything is written."""

from collections.abc import Iterator

from archive.findings import Finding, Severity
from pipeline.check.context import CheckContext
from pipeline.console import size
from pipeline.rule import Rule
from pipeline.sip import DescribedDeposit
from pipeline.space import Fits, SpacePlan

CODE = "too-little-space"
RULE = Rule(
    CODE,
    Severity.REFUSE,
    vi="Ổ đĩa còn {free}, cần {needed}. Chưa ghi gì cả; hãy giải phóng chỗ rồi nạp lại.",
    en="The disk has {free} free, {needed} are needed. Nothing was written; free some space, then ingest again.",
    th="ดิสก์เหลือ {free} ต้องใช้ {needed} ยังไม่ได้เขียนอะไร โปรดเพิ่มพื้นที่แล้วนำเข้าใหม่",
)
INODES = Rule(
    "too-few-inodes",
    Severity.REFUSE,
    vi="Ổ đĩa chỉ còn chứa được thêm {free} tệp, cần {needed}, dù vẫn còn dung lượng. Chưa ghi gì cả; hãy xoá tệp không dùng trên "
    "ổ đĩa này hoặc chuyển kho sang ổ đĩa khác.",
    en="The disk can take only {free} more files, {needed} are needed, however much room is free. Nothing was written; remove files that "
    "nobody needs from this disk, or move the archive to another one.",
    th="ดิสก์รับไฟล์เพิ่มได้อีกเพียง {free} ไฟล์ แต่ต้องใช้ {needed} ไฟล์ แม้ยังมีเนื้อที่ว่าง ยังไม่ได้เขียนอะไร โปรดลบไฟล์ที่ไม่ใช้บนดิสก์นี้ หรือย้ายคลังไปยังดิสก์อื่น",
)
DERIVATIVES = Rule(
    "too-little-space-for-views",
    Severity.WARN,
    vi="Ổ đĩa đủ chỗ cho tư liệu gốc nhưng không đủ cho bản xem ({needed}, còn {free}). Bản gốc được lưu; bản xem làm sau.",
    en="The disk holds the originals but not what is made from them ({needed}, {free} free). Originals are kept; views come later.",
    th="ดิสก์พอสำหรับต้นฉบับแต่ไม่พอสำหรับไฟล์แสดงผล ({needed} เหลือ {free}) จะเก็บต้นฉบับก่อน แล้วทำไฟล์แสดงผลภายหลัง",
)


def check(deposit: DescribedDeposit, context: CheckContext) -> Iterator[Finding]:
    """Look at the whole deposit."""
    del deposit
    if context.space is not None:
        yield from judge(context.space)


def judge(space: SpacePlan) -> Iterator[Finding]:
    """The finding of a plan, before or after the card was read."""
    detail = f"{space}"
    if space.lacks_inodes:
        yield INODES.finding("", detail, free=space.free_inodes, needed=space.inodes)
    elif space.verdict is Fits.TOO_LITTLE:
        yield RULE.finding("", detail, free=size(space.free), needed=size(space.originals))
    elif space.verdict is Fits.ORIGINALS_ONLY:
        yield DERIVATIVES.finding("", detail, free=size(space.free), needed=size(space.everything))
