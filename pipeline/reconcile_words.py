"""What reconciling with the archive may have to say, in the officer's languages."""

from archive.findings import Severity
from pipeline.rule import Rule

TWO_ASSETS = Rule(
    "known-under-two-arks",
    Severity.REFUSE,
    vi="Các tệp này thuộc về nhiều tư liệu đã lưu: {arks}. Không gộp gì cả; hãy hỏi người quản lý kho.",
    en="These files belong to several archived assets: {arks}. Nothing was merged; ask the archivist.",
    th="ไฟล์เหล่านี้อยู่ในหลายรายการที่เก็บแล้ว: {arks} ไม่ได้รวมอะไร โปรดสอบถามผู้ดูแลคลัง",
)
CHANGED_ORIGINAL = Rule(
    "changed-original",
    Severity.REFUSE,
    vi="Tệp “{name}” khác bản đã lưu trong {ark}. Nếu đây là bản sửa, hãy nạp với --replaces {ark} hoặc ghi cột “thay cho”.",
    en="The file “{name}” differs from the one kept in {ark}. If it is a correction, ingest with --replaces {ark} or fill “replaces”.",
    th="ไฟล์ “{name}” ต่างจากที่เก็บใน {ark} หากเป็นฉบับแก้ไข ให้นำเข้าด้วย --replaces {ark} หรือกรอกคอลัมน์ “แทนที่”",
)
REPLACES_NOTHING = Rule(
    "replaces-unknown",
    Severity.REFUSE,
    vi="Không thể thay {ark}: {vi_reason}. Hãy kiểm tra lại mã.",
    en="{ark} cannot be replaced: {en_reason}. Check the identifier.",
    th="แทนที่ {ark} ไม่ได้: {th_reason} โปรดตรวจสอบรหัส",
)
OBJECT_LOST = Rule(
    "object-lost",
    Severity.REFUSE,
    vi="Tệp này thuộc tư liệu {arks} đã lưu, nhưng tư liệu đó mất hoặc hư hại. Hãy giữ tệp này và chạy `ditich audit`.",
    en="This file belongs to {arks} in the archive, which is missing or damaged. Keep this file and run `ditich audit`.",
    th="ไฟล์นี้เป็นของรายการ {arks} ในคลัง ซึ่งสูญหายหรือเสียหาย โปรดเก็บไฟล์นี้ไว้และเรียก `ditich audit`",
)
EARLIER_VERSION = Rule(
    "in-earlier-version",
    Severity.NOTE,
    vi="Tệp này đã nằm trong một phiên bản cũ của {ark} và đã được sửa sau đó. Không lưu lại; dùng --replaces để quay về.",
    en="This file is in an earlier version of {ark} that was corrected since. Not archived again; use --replaces to go back to it.",
    th="ไฟล์นี้อยู่ในรุ่นก่อนหน้าของ {ark} ซึ่งถูกแก้ไขแล้ว ไม่เก็บซ้ำ ใช้ --replaces หากต้องการกลับไปใช้",
)
WITHDRAWN = Rule(
    "withdrawn-asset",
    Severity.WARN,
    vi="Tư liệu này đã có trong kho là {ark} nhưng đã được rút. Nếu muốn dùng lại: ditich restore {ark}.",
    en="This is in the archive as {ark}, but it was withdrawn. To have it back: ditich restore {ark}.",
    th="รายการนี้อยู่ในคลังเป็น {ark} แต่ถูกถอนแล้ว หากต้องการใช้อีก: ditich restore {ark}",
)
