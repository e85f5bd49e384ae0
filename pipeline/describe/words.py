"""The findings that describing makes, with the officer's sentences."""

from archive.findings import Severity
from pipeline.rule import Rule

READER_DIED = Rule(
    "worker-death",
    Severity.WARN,
    vi="Chương trình đọc “{reader}” đã dừng vì tệp này. Tệp vẫn được lưu trữ nguyên vẹn; hãy mở thử bằng phần mềm khác.",
    en="The reader “{reader}” had to be stopped on this file. The file is archived as it is; try opening it elsewhere.",
    th="ตัวอ่าน “{reader}” ต้องหยุดเพราะไฟล์นี้ ไฟล์ยังถูกเก็บไว้ตามเดิม โปรดลองเปิดด้วยโปรแกรมอื่น",
)
READER_REFUSED = Rule(
    "source-unreadable",
    Severity.NOTE,
    vi="Không đọc được phần “{reader}” của tệp này; các phần khác vẫn dùng được.",
    en="The “{reader}” part of this file could not be read; the other parts are used.",
    th="อ่านส่วน “{reader}” ของไฟล์นี้ไม่ได้ ส่วนอื่นยังใช้ได้",
)
READER_FAILED = Rule(
    "reader-failed",
    Severity.WARN,
    vi="Chương trình đọc “{reader}” của Ditich gặp lỗi với tệp này. Tệp vẫn được lưu trữ nguyên vẹn; hãy báo cho người quản lý kho.",
    en="Ditich's own reader “{reader}” failed on this file. The file is archived as it is; tell the archivist.",
    th="ตัวอ่าน “{reader}” ของ Ditich ทำงานผิดพลาดกับไฟล์นี้ ไฟล์ยังถูกเก็บไว้ตามเดิม โปรดแจ้งผู้ดูแลคลัง",
)
READERS_DISAGREE = Rule(
    "readers-disagree",
    Severity.NOTE,
    vi="Hai chương trình đọc khác nhau về “{field}”: {one} và {other}. Giá trị đầu được dùng; hãy kiểm tra nếu quan trọng.",
    en="Two readers differ about “{field}”: {one} and {other}. The first is used; check it if it matters.",
    th="ตัวอ่านสองตัวอ่านค่า “{field}” ต่างกัน: {one} กับ {other} ใช้ค่าแรก โปรดตรวจสอบหากสำคัญ",
)
SHEET_COLUMN = Rule(
    "sheet-column-unknown",
    Severity.NOTE,
    vi="Bảng {sheet}: không rõ cột “{heading}” nghĩa là gì, nên nội dung cột này chỉ nằm trong bảng, không vào hồ sơ mô tả.",
    en="Sheet {sheet}: it is not known what the column “{heading}” means; it is kept in the sheet and goes into no record.",
    th="ตาราง {sheet}: ไม่ทราบความหมายของคอลัมน์ “{heading}” จึงเก็บไว้ในตารางเท่านั้น ไม่ลงในระเบียน",
)
SHEET_PROBLEM = Rule(
    "sheet-problem",
    Severity.WARN,
    vi="Bảng {sheet}, ô {cell}: {vi_reason} Hãy sửa ô đó rồi nạp lại bảng.",
    en="Sheet {sheet}, cell {cell}: {en_reason} Correct the cell and ingest the sheet again.",
    th="ตาราง {sheet} เซลล์ {cell}: {th_reason} โปรดแก้เซลล์นั้นแล้วนำเข้าตารางอีกครั้ง",
)
