"""What amending the archive may have to say, in the user's languages."""

from archive.findings import Severity
from pipeline.rule import Rule

BAD_VALUE = Rule(
    "edit-problem",
    Severity.REFUSE,
    vi="{where}: {vi_reason}",
    en="{where}: {en_reason}",
    th="{where}: {th_reason}",
)
UNKNOWN_ASSET = Rule(
    "unknown-asset",
    Severity.REFUSE,
    vi="Kho không có tư liệu {ark}. Hãy kiểm tra lại mã.",
    en="The archive has no asset {ark}. Check the identifier.",
    th="คลังไม่มีรายการ {ark} โปรดตรวจสอบรหัส",
)
CHANGED_SINCE = Rule(
    "changed-since",
    Severity.WARN,
    vi="{ark} đã được sửa sau lần nạp này (hiện là {head}) nên không hoàn nguyên. Hãy sửa bằng tay nếu cần.",
    en="{ark} was changed after this deposit (it is {head} now), so it is not reverted. Edit it by hand if needed.",
    th="{ark} ถูกแก้ไขหลังการนำเข้านี้ (ปัจจุบัน {head}) จึงไม่ย้อนกลับ โปรดแก้ไขด้วยตนเองหากจำเป็น",
)
