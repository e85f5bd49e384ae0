"""What can be wrong with a bag: stable codes, what they mean, and the sentence for the person who wants to take it in."""

from dataclasses import dataclass

from archive.findings import Finding, Severity

REFUSE, WARN, NOTE = Severity.REFUSE, Severity.WARN, Severity.NOTE


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault. The sentences are templates for :meth:`str.format`: what is wrong, then what to do now."""

    code: str
    severity: Severity
    vi: str
    en: str
    th: str

    def at(self, path: str, detail: str = "", **values: object) -> Finding:
        """The finding of this fault at a path of the bag ("" for the whole bag); ``values`` fill the sentences."""
        words = {"vi": self.vi, "en": self.en, "th": self.th}
        return Finding(self.code, self.severity, path, {key: text.format(**values) for key, text in words.items()}, detail)


NOT_A_BAG = Fault(
    "bag-declaration-missing",
    REFUSE,
    vi="Không có tệp bagit.txt nên đây không phải là gói BagIt. Hãy chỉ đúng thư mục chứa bagit.txt.",
    en="There is no bagit.txt, so this is no bag. Name the folder that holds bagit.txt.",
    th="ไม่มีไฟล์ bagit.txt จึงไม่ใช่แพ็กเกจ BagIt โปรดระบุโฟลเดอร์ที่มี bagit.txt",
)
DECLARATION_MALFORMED = Fault(
    "bag-declaration-malformed",
    REFUSE,
    vi="bagit.txt phải có đúng hai dòng BagIt-Version và Tag-File-Character-Encoding. Hãy xin người gửi gói một bản đúng chuẩn.",
    en="bagit.txt must be exactly the two lines BagIt-Version and Tag-File-Character-Encoding. Ask the sender for a correct bag.",
    th="bagit.txt ต้องมีสองบรรทัดคือ BagIt-Version และ Tag-File-Character-Encoding เท่านั้น โปรดขอแพ็กเกจที่ถูกต้องจากผู้ส่ง",
)
VERSION_UNKNOWN = Fault(
    "bag-version-unknown",
    REFUSE,
    vi="Gói khai phiên bản BagIt {version}; Ditich đọc 0.93 đến 0.97 và 1.0. Hãy xin một gói phiên bản 1.0.",
    en="The bag says that it is BagIt {version}; Ditich reads 0.93 to 0.97 and 1.0. Ask for a bag of version 1.0.",
    th="แพ็กเกจระบุเป็น BagIt {version} แต่ Ditich อ่านรุ่น 0.93 ถึง 0.97 และ 1.0 โปรดขอแพ็กเกจรุ่น 1.0",
)
ENCODING_UNKNOWN = Fault(
    "bag-encoding-unknown",
    REFUSE,
    vi="Gói khai bảng mã {encoding} mà Ditich không biết. Hãy xin một gói dùng UTF-8.",
    en="The bag says that its lists are written in {encoding}, which Ditich does not know. Ask for a bag in UTF-8.",
    th="แพ็กเกจระบุรหัสอักขระ {encoding} ซึ่ง Ditich ไม่รู้จัก โปรดขอแพ็กเกจที่ใช้ UTF-8",
)
ENCODING_NOT_UTF8 = Fault(
    "bag-encoding-not-utf8",
    WARN,
    vi="Các danh sách trong gói viết bằng {encoding}, không phải UTF-8. Ditich đọc được; hãy kiểm tra các tên tệp có dấu.",
    en="The bag's lists are written in {encoding}, not UTF-8. Ditich can read them; look at file names with diacritics.",
    th="รายการในแพ็กเกจเขียนด้วย {encoding} ไม่ใช่ UTF-8 Ditich อ่านได้ แต่โปรดตรวจชื่อไฟล์ที่มีวรรณยุกต์หรือเครื่องหมาย",
)
NO_PAYLOAD = Fault(
    "bag-payload-missing",
    REFUSE,
    vi="Gói không có thư mục data/. Hãy chép lại cả gói hoặc xin người gửi.",
    en="The bag has no data/ folder. Copy the whole bag again or ask the sender.",
    th="แพ็กเกจไม่มีโฟลเดอร์ data/ โปรดคัดลอกทั้งแพ็กเกจใหม่หรือขอจากผู้ส่ง",
)
NO_MANIFEST = Fault(
    "bag-manifest-missing",
    REFUSE,
    vi="Gói không có danh sách manifest-….txt nào đọc được, nên không thể kiểm tra tệp nào. Hãy xin người gửi một gói đầy đủ.",
    en="The bag has no manifest-….txt that can be used, so no file can be checked. Ask the sender for a whole bag.",
    th="แพ็กเกจไม่มีรายการ manifest-….txt ที่ใช้ได้ จึงตรวจไฟล์ไม่ได้เลย โปรดขอแพ็กเกจที่ครบถ้วนจากผู้ส่ง",
)
ALGORITHM_UNKNOWN = Fault(
    "bag-algorithm-unknown",
    WARN,
    vi="Ditich không biết thuật toán {algorithm} nên không dùng danh sách này. Các danh sách khác vẫn được kiểm tra.",
    en="Ditich does not know the digest {algorithm}, so this list was not used. The other lists were checked.",
    th="Ditich ไม่รู้จักอัลกอริทึม {algorithm} จึงไม่ได้ใช้รายการนี้ รายการอื่นได้รับการตรวจแล้ว",
)
WEAK_DIGEST = Fault(
    "bag-weak-digest",
    NOTE,
    vi="Gói chỉ có mã {algorithms}: đủ để thấy lỗi khi chép, không đủ chống sửa có chủ ý. Từ nay Ditich giữ sha512 và sha256.",
    en="The bag has only {algorithms}: enough against copying errors, not against intent. From now on Ditich keeps sha512 and sha256.",
    th="แพ็กเกจมีเพียง {algorithms} ซึ่งพอสำหรับพบการคัดลอกผิด แต่ไม่พอป้องกันการแก้ไขโดยเจตนา ต่อจากนี้ Ditich จะเก็บ sha512 และ sha256",
)
NO_TAG_MANIFEST = Fault(
    "bag-tag-manifest-missing",
    NOTE,
    vi="Gói không có tagmanifest-….txt nên thay đổi trong chính các danh sách không thể phát hiện.",
    en="The bag has no tagmanifest-….txt, so a change of the lists themselves could not be seen.",
    th="แพ็กเกจไม่มี tagmanifest-….txt จึงไม่สามารถเห็นการเปลี่ยนแปลงของรายการเองได้",
)
NOT_TEXT = Fault(
    "bag-list-not-text",
    REFUSE,
    vi="Tệp này của gói không đọc được bằng bảng mã {encoding}. Hãy chép lại hoặc xin người gửi bản khác.",
    en="This file of the bag cannot be read as {encoding}. Copy it again or ask the sender for another one.",
    th="อ่านไฟล์นี้ของแพ็กเกจด้วยรหัส {encoding} ไม่ได้ โปรดคัดลอกใหม่หรือขอจากผู้ส่ง",
)
BAD_LINE = Fault(
    "bag-line-malformed",
    REFUSE,
    vi="Dòng {number} của danh sách này không đọc được. Hãy xin người gửi gói một bản đúng chuẩn.",
    en="Line {number} of this list is not readable. Ask the sender for a correct bag.",
    th="อ่านบรรทัดที่ {number} ของรายการนี้ไม่ได้ โปรดขอแพ็กเกจที่ถูกต้องจากผู้ส่ง",
)
TOO_MUCH = Fault(
    "bag-too-large",
    REFUSE,
    vi="Gói này lớn bất thường ({what}) nên không được nhận. Hãy hỏi lại người gửi.",
    en="This bag is absurdly large ({what}), so it is not taken. Ask whoever sent it.",
    th="แพ็กเกจนี้ใหญ่ผิดปกติ ({what}) จึงไม่รับ โปรดสอบถามผู้ส่ง",
)
UNSAFE_PATH = Fault(
    "bag-path-unsafe",
    REFUSE,
    vi="{where} nêu đường dẫn nằm ngoài gói ({name}). Không mở tệp đó; hãy hỏi lại người gửi gói.",
    en="{where} names a path that leads out of the bag ({name}). It was not opened; ask whoever sent the bag.",
    th="{where} ระบุเส้นทางที่อยู่นอกแพ็กเกจ ({name}) ไม่ได้เปิดไฟล์นั้น โปรดสอบถามผู้ส่งแพ็กเกจ",
)
OUT_OF_PLACE = Fault(
    "bag-path-out-of-place",
    REFUSE,
    vi="{where} nêu một tệp không thuộc danh sách đó. Hãy xin người gửi gói một bản đúng chuẩn.",
    en="{where} lists a file that does not belong in that list. Ask the sender for a correct bag.",
    th="{where} ระบุไฟล์ที่ไม่ควรอยู่ในรายการนั้น โปรดขอแพ็กเกจที่ถูกต้องจากผู้ส่ง",
)
LISTED_TWICE = Fault(
    "bag-listed-twice",
    WARN,
    vi="Tệp này có hai lần trong {where}, với cùng mã. Không ảnh hưởng gì; hãy báo cho người làm gói.",
    en="This file stands twice in {where}, with the same digest. It does no harm; tell whoever made the bag.",
    th="ไฟล์นี้ปรากฏสองครั้งใน {where} ด้วยรหัสเดียวกัน ไม่มีผลเสีย โปรดแจ้งผู้ทำแพ็กเกจ",
)
LISTED_TWICE_IN_1 = Fault(
    "bag-listed-twice-refused",
    REFUSE,
    vi="Tệp này có hai lần trong {where}; BagIt 1.0 cấm điều đó. Hãy xin người gửi gói một bản đúng chuẩn.",
    en="This file stands twice in {where}, which BagIt 1.0 forbids. Ask the sender for a correct bag.",
    th="ไฟล์นี้ปรากฏสองครั้งใน {where} ซึ่ง BagIt 1.0 ห้าม โปรดขอแพ็กเกจที่ถูกต้องจากผู้ส่ง",
)
LISTED_DIFFERENTLY = Fault(
    "bag-listed-differently",
    REFUSE,
    vi="{where} ghi hai mã khác nhau cho tệp này; không biết mã nào đúng. Hãy hỏi người gửi gói.",
    en="{where} gives two different digests for this file; nobody can say which is right. Ask whoever sent the bag.",
    th="{where} ให้รหัสสองค่าสำหรับไฟล์นี้ จึงไม่รู้ว่าค่าใดถูก โปรดสอบถามผู้ส่งแพ็กเกจ",
)
MISSING = Fault(
    "bag-file-missing",
    REFUSE,
    vi="Tệp này có trong danh sách nhưng không có trong gói. Hãy chép lại gói hoặc xin tệp từ người gửi.",
    en="This file is listed but is not in the bag. Copy the bag again or ask the sender for the file.",
    th="ไฟล์นี้อยู่ในรายการแต่ไม่มีในแพ็กเกจ โปรดคัดลอกแพ็กเกจใหม่หรือขอไฟล์จากผู้ส่ง",
)
MISSING_TWIN = Fault(
    "bag-file-missing-twin",
    WARN,
    vi="Không có tệp đúng tên này; có {name}, chỉ khác chữ hoa hay cách ghi dấu, với cùng mã.",
    en="No file has exactly this name; {name} differs only in case or in how diacritics are written, and has the same digest.",
    th="ไม่มีไฟล์ชื่อนี้พอดี แต่มี {name} ซึ่งต่างกันเพียงตัวพิมพ์หรือวิธีเขียนเครื่องหมาย และมีรหัสเดียวกัน",
)
MISSING_SYSTEM = Fault(
    "bag-file-missing-system",
    WARN,
    vi="Tệp của hệ điều hành này có trong danh sách nhưng không có trong gói; nó không phải tư liệu.",
    en="This leaving of an operating system is listed but not in the bag; it is no material.",
    th="ไฟล์ของระบบปฏิบัติการนี้อยู่ในรายการแต่ไม่มีในแพ็กเกจ และไม่ใช่เอกสารที่ต้องเก็บ",
)
CHANGED = Fault(
    "bag-file-changed",
    REFUSE,
    vi="Nội dung tệp này không khớp mã {algorithm} trong danh sách. Hãy chép lại gói; nếu vẫn khác, hãy xin bản khác.",
    en="The bytes of this file do not match its {algorithm} in the list. Copy the bag again; if they still differ, ask for another copy.",
    th="เนื้อไฟล์นี้ไม่ตรงกับรหัส {algorithm} ในรายการ โปรดคัดลอกแพ็กเกจใหม่ หากยังต่างให้ขอสำเนาอื่น",
)
NOT_LISTED = Fault(
    "bag-file-not-listed",
    REFUSE,
    vi="Tệp này nằm trong data/ nhưng không có trong {where}. Hãy hỏi người gửi xem nó có thuộc gói không.",
    en="This file lies in data/ but is not in {where}. Ask the sender whether it belongs to the bag.",
    th="ไฟล์นี้อยู่ใน data/ แต่ไม่มีใน {where} โปรดถามผู้ส่งว่าเป็นส่วนหนึ่งของแพ็กเกจหรือไม่",
)
TAG_NOT_COVERED = Fault(
    "bag-tag-not-covered",
    NOTE,
    vi="Không danh sách nào ghi mã của tệp phụ này, nên không biết nó có bị thay đổi không.",
    en="No list has a digest of this tag file, so nobody knows whether it has changed.",
    th="ไม่มีรายการใดให้รหัสของไฟล์ประกอบนี้ จึงไม่รู้ว่าถูกเปลี่ยนหรือไม่",
)
UNREADABLE = Fault(
    "bag-file-unreadable",
    REFUSE,
    vi="Không đọc được tệp hay thư mục này của gói. Hãy kiểm tra đĩa rồi chép lại gói.",
    en="This file or folder of the bag could not be read. Check the disk, then copy the bag again.",
    th="อ่านไฟล์หรือโฟลเดอร์นี้ของแพ็กเกจไม่ได้ โปรดตรวจดิสก์แล้วคัดลอกแพ็กเกจใหม่",
)
LINK = Fault(
    "bag-link",
    REFUSE,
    vi="Đây là liên kết hoặc thiết bị, không phải tệp thường ({what}); Ditich không đi theo nó. Hãy thay bằng chính tệp đó.",
    en="This is no ordinary file ({what}); Ditich does not follow it. Put the file itself in its place.",
    th="นี่ไม่ใช่ไฟล์ปกติ ({what}) Ditich จะไม่ตามไป โปรดแทนด้วยไฟล์จริง",
)
OXUM = Fault(
    "bag-oxum-differs",
    REFUSE,
    vi="bag-info.txt ghi {stated} (byte.tệp) nhưng trong data/ có {found}. Các tệp khác biệt được nêu riêng.",
    en="bag-info.txt says {stated} (bytes.files), but data/ holds {found}. The files that differ are named by themselves.",
    th="bag-info.txt ระบุ {stated} (ไบต์.ไฟล์) แต่ใน data/ มี {found} ไฟล์ที่ต่างกันระบุไว้แยกต่างหาก",
)
INFO_MALFORMED = Fault(
    "bag-info-malformed",
    WARN,
    vi="Dòng {number} không có dạng “Nhãn: giá trị” nên không được hiểu; nguyên văn vẫn được giữ.",
    en="Line {number} is not of the form “Label: value” and was not understood; it is kept as it is.",
    th="บรรทัดที่ {number} ไม่อยู่ในรูป “ป้าย: ค่า” จึงไม่เข้าใจ แต่เก็บไว้ตามเดิม",
)
FETCH_INCOMPLETE = Fault(
    "bag-fetch-incomplete",
    REFUSE,
    vi="Tệp này phải tải từ {url}; Ditich không tự tải gì từ mạng. Hãy tự tải về đúng chỗ này rồi nạp lại gói.",
    en="This file has to be fetched from {url}; Ditich downloads nothing. Fetch it yourself to this place, then import the bag again.",
    th="ไฟล์นี้ต้องดาวน์โหลดจาก {url} แต่ Ditich ไม่ดาวน์โหลดเอง โปรดดาวน์โหลดมาไว้ตรงนี้แล้วนำเข้าใหม่",
)
FETCH_PRESENT = Fault(
    "bag-fetch-present",
    NOTE,
    vi="Gói có fetch.txt ({count} tệp phải tải); mọi tệp đã có sẵn nên không cần tải gì.",
    en="The bag has a fetch.txt ({count} files to fetch); all of them are here, so nothing is to be fetched.",
    th="แพ็กเกจมี fetch.txt ({count} ไฟล์ที่ต้องดาวน์โหลด) ทุกไฟล์มีอยู่แล้ว จึงไม่ต้องดาวน์โหลด",
)
FETCH_NOT_LISTED = Fault(
    "bag-fetch-not-listed",
    REFUSE,
    vi="fetch.txt nêu tệp này nhưng không danh sách nào có mã của nó. Hãy hỏi người gửi gói.",
    en="fetch.txt names this file, but no list has its digest. Ask whoever sent the bag.",
    th="fetch.txt ระบุไฟล์นี้แต่ไม่มีรายการใดให้รหัสของมัน โปรดสอบถามผู้ส่งแพ็กเกจ",
)
STAR = Fault(
    "bag-md5sum-star",
    WARN,
    vi="{where} do md5sum viết (dấu * trước {count} tên). Ditich đọc được; chương trình khác có thể không.",
    en="{where} was written by md5sum (a * before {count} names). Ditich reads it; other programs may not.",
    th="{where} เขียนโดย md5sum (มี * หน้า {count} ชื่อ) Ditich อ่านได้ แต่โปรแกรมอื่นอาจอ่านไม่ได้",
)
DOT_SLASH = Fault(
    "bag-leading-dot-slash",
    WARN,
    vi="{where} viết {count} tên với ./ ở đầu. Ditich đọc được; chương trình khác có thể không.",
    en="{where} writes {count} names with ./ before them. Ditich reads it; other programs may not.",
    th="{where} เขียน {count} ชื่อโดยมี ./ นำหน้า Ditich อ่านได้ แต่โปรแกรมอื่นอาจอ่านไม่ได้",
)
BOM = Fault(
    "bag-byte-order-mark",
    WARN,
    vi="Danh sách này bắt đầu bằng dấu thứ tự byte (BOM). Ditich bỏ qua nó; chương trình khác có thể không.",
    en="This list begins with a byte order mark. Ditich passes over it; other programs may not.",
    th="รายการนี้ขึ้นต้นด้วยเครื่องหมายลำดับไบต์ (BOM) Ditich ข้ามไป แต่โปรแกรมอื่นอาจไม่ข้าม",
)
PERCENT = Fault(
    "bag-percent-not-encoded",
    WARN,
    vi="{where} viết dấu % mà không mã hoá thành %25 như BagIt 1.0 yêu cầu ({count} tên); đã hiểu theo đúng nguyên văn.",
    en="{where} writes % without encoding it as %25, as BagIt 1.0 wants ({count} names); the names were taken literally.",
    th="{where} เขียน % โดยไม่แปลงเป็น %25 ตามที่ BagIt 1.0 กำหนด ({count} ชื่อ) จึงถือตามตัวอักษร",
)
ALIKE = Fault(
    "bag-names-alike",
    WARN,
    vi="Tên này và {name} chỉ khác chữ hoa hay cách ghi dấu; trên Windows hay macOS chúng có thể đè lên nhau. Hãy giữ gói trên Linux.",
    en="This name and {name} differ only in case or in how diacritics are written; on Windows or macOS one may replace the other.",
    th="ชื่อนี้กับ {name} ต่างกันเพียงตัวพิมพ์หรือวิธีเขียนเครื่องหมาย บน Windows หรือ macOS อาจเขียนทับกันได้",
)
SYSTEM_FILE = Fault(
    "bag-system-file",
    WARN,
    vi="Đây là tệp của hệ điều hành, không phải tư liệu. Ditich ghi nhận nhưng không lưu trữ nó.",
    en="This is a leaving of an operating system, no material. Ditich notes it and does not archive it.",
    th="นี่คือไฟล์ของระบบปฏิบัติการ ไม่ใช่เอกสารที่ต้องเก็บ Ditich บันทึกไว้แต่ไม่จัดเก็บ",
)
BACKSLASH = Fault(
    "bag-backslash",
    WARN,
    vi="Tên này có dấu \\ mà Windows hiểu là thư mục. Trên Windows gói này sẽ khác đi.",
    en="This name has a \\, which Windows takes for a folder. On Windows this bag would be another one.",
    th="ชื่อนี้มี \\ ซึ่ง Windows ถือเป็นโฟลเดอร์ บน Windows แพ็กเกจนี้จะต่างไป",
)
BROKEN_ZIP = Fault(
    "bag-zip-broken",
    REFUSE,
    vi="Không mở được ZIP này: mục lục của nó bị hỏng. Hãy chép lại hoặc xin bản khác.",
    en="This ZIP cannot be opened: its directory is damaged. Copy it again or ask for another one.",
    th="เปิด ZIP นี้ไม่ได้เพราะสารบัญเสียหาย โปรดคัดลอกใหม่หรือขอไฟล์อื่น",
)
ZIP_TWICE = Fault(
    "bag-zip-name-twice",
    REFUSE,
    vi="Trong ZIP có hai tệp cùng tên này; không biết tệp nào đúng. Hãy hỏi người gửi.",
    en="Two files of the ZIP have this name; nobody can say which is meant. Ask whoever sent it.",
    th="ใน ZIP มีสองไฟล์ชื่อนี้ จึงไม่รู้ว่าหมายถึงไฟล์ใด โปรดสอบถามผู้ส่ง",
)
ZIP_LOCKED = Fault(
    "bag-zip-locked",
    REFUSE,
    vi="Tệp trong ZIP có mật khẩu. Hãy giải nén bằng mật khẩu rồi nạp thư mục.",
    en="This file of the ZIP is locked with a password. Unpack it with the password, then import the folder.",
    th="ไฟล์นี้ใน ZIP ถูกล็อกด้วยรหัสผ่าน โปรดแตกไฟล์ด้วยรหัสผ่านแล้วนำเข้าโฟลเดอร์",
)
AND_MORE = Fault(
    "bag-and-more",
    NOTE,
    vi="Còn {count} lỗi nữa loại {kind}, không liệt kê từng cái.",
    en="There are {count} more of {kind}; they are not listed one by one.",
    th="ยังมี {kind} อีก {count} รายการ ซึ่งไม่ได้แสดงทีละรายการ",
)
