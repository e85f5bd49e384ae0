"""The findings that grouping makes, with the officer's sentences."""

from archive.findings import Severity
from pipeline.rule import Rule

MISSING_COMPANION = Rule(
    "missing-companion",
    Severity.WARN,
    vi="Mô hình này cần tệp “{name}” nhưng không có trong thư mục. Hãy tìm tệp đó và nạp lại cùng mô hình.",
    en="This model needs the file “{name}”, which is not in the folder. Find it and ingest it again together with the model.",
    th="แบบจำลองนี้ต้องใช้ไฟล์ “{name}” แต่ไม่มีในโฟลเดอร์ โปรดหาไฟล์นั้นแล้วนำเข้าพร้อมแบบจำลองอีกครั้ง",
)
MATCHED_LOOSELY = Rule(
    "name-matched-loosely",
    Severity.NOTE,
    vi="Mô hình gọi tệp này là “{name}”; tên khác về chữ hoa, dấu hoặc thư mục nhưng đã được ghép lại.",
    en="The model calls this file “{name}”: different in case, accents or folder, but they were matched.",
    th="แบบจำลองเรียกไฟล์นี้ว่า “{name}” ต่างกันที่ตัวพิมพ์ วรรณยุกต์ หรือโฟลเดอร์ แต่จับคู่ให้แล้ว",
)
READER_DIED = Rule(
    "worker-death",
    Severity.WARN,
    vi="Chương trình đọc “{reader}” đã dừng vì tệp này. Tệp vẫn được lưu trữ nguyên vẹn; hãy mở thử bằng phần mềm khác.",
    en="The reader “{reader}” had to be stopped on this file. The file is archived as it is; try opening it elsewhere.",
    th="ตัวอ่าน “{reader}” ต้องหยุดเพราะไฟล์นี้ ไฟล์ยังถูกเก็บไว้ตามเดิม โปรดลองเปิดด้วยโปรแกรมอื่น",
)
