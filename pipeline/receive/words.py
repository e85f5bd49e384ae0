"""The findings that only the read of the card can make, with the officer's sentences."""

from archive.findings import Severity
from pipeline.rule import Rule

COULD_NOT_READ = Rule(
    "could-not-read",
    Severity.REFUSE,
    vi="Không đọc được tệp này từ thẻ nhớ. Hãy giữ nguyên thẻ, lau đầu đọc và chép lại; nếu vẫn lỗi, hãy tìm bản sao khác.",
    en="This file could not be read from the card. Keep the card as it is, clean the reader and try again; else find another copy.",
    th="อ่านไฟล์นี้จากการ์ดไม่ได้ โปรดเก็บการ์ดไว้ตามเดิม ทำความสะอาดเครื่องอ่านแล้วลองใหม่ หากยังไม่ได้ให้หาสำเนาอื่น",
)
CHANGED_WHILE_READ = Rule(
    "changed-while-read",
    Severity.REFUSE,
    vi="Tệp này đang thay đổi trong lúc được đọc. Hãy đóng chương trình đang ghi nó rồi nạp lại.",
    en="This file was changing while it was read. Close the program that writes it, then ingest again.",
    th="ไฟล์นี้ถูกแก้ไขระหว่างการอ่าน โปรดปิดโปรแกรมที่กำลังเขียนไฟล์แล้วนำเข้าอีกครั้ง",
)
ENCRYPTED = Rule(
    "zip-encrypted",
    Severity.REFUSE,
    vi="Tệp trong ZIP có mật khẩu nên không lưu trữ được. Hãy giải nén bằng mật khẩu rồi nạp thư mục.",
    en="This file of the ZIP is locked with a password. Unpack it with the password, then ingest the folder.",
    th="ไฟล์นี้ใน ZIP ถูกล็อกด้วยรหัสผ่าน โปรดแตกไฟล์ด้วยรหัสผ่านแล้วนำเข้าทั้งโฟลเดอร์",
)
UNSAFE_NAME = Rule(
    "zip-unsafe-name",
    Severity.REFUSE,
    vi="Tên tệp trong ZIP không an toàn ({name}) nên không được nhận. Hãy hỏi lại người gửi ZIP.",
    en="The name of this ZIP entry is not safe ({name}), so it is not received. Ask whoever sent the ZIP.",
    th="ชื่อรายการใน ZIP ไม่ปลอดภัย ({name}) จึงไม่รับไฟล์นี้ โปรดสอบถามผู้ส่ง ZIP",
)
SAME_NAME_TWICE = Rule(
    "same-name-twice",
    Severity.REFUSE,
    vi="Trong ZIP có hai tệp cùng tên {name}; chỉ nhận tệp đầu. Hãy giải nén, đổi tên một tệp rồi nạp thư mục.",
    en="Two files of this ZIP have the same name {name}; only the first is received. Unpack it, rename one, then ingest the folder.",
    th="ใน ZIP มีสองไฟล์ชื่อเดียวกัน {name} จึงรับเฉพาะไฟล์แรก โปรดแตกไฟล์ เปลี่ยนชื่อไฟล์หนึ่ง แล้วนำเข้าทั้งโฟลเดอร์",
)
BOMB = Rule(
    "zip-too-large",
    Severity.REFUSE,
    vi="ZIP này phình ra bất thường khi giải nén ({unpacked} byte từ {packed} byte). Không nhận gì từ nó; hãy hỏi lại người gửi.",
    en="This ZIP unpacks to an absurd size ({unpacked} bytes from {packed}). Nothing of it is received; ask whoever sent it.",
    th="ZIP นี้ขยายใหญ่ผิดปกติ ({unpacked} ไบต์จาก {packed} ไบต์) จึงไม่รับไฟล์ใดจากมัน โปรดสอบถามผู้ส่ง",
)
BROKEN_ZIP = Rule(
    "zip-broken",
    Severity.REFUSE,
    vi="Không mở được ZIP này: mục lục của nó bị hỏng. Hãy chép lại hoặc xin bản khác.",
    en="This ZIP cannot be opened: its directory is damaged. Copy it again or ask for another one.",
    th="เปิด ZIP นี้ไม่ได้เพราะสารบัญเสียหาย โปรดคัดลอกใหม่หรือขอไฟล์อื่น",
)
LEFTOVER = Rule(
    "interrupted-earlier",
    Severity.NOTE,
    vi="Lần nạp trước bị ngắt giữa chừng; {count} tệp của lần đó khác với lần này và được để riêng ở {place}.",
    en="An earlier ingest was cut off; {count} of its files differ from today's and are set aside at {place}.",
    th="การนำเข้าครั้งก่อนถูกขัดจังหวะ มี {count} ไฟล์ที่ต่างจากครั้งนี้ แยกเก็บไว้ที่ {place}",
)
