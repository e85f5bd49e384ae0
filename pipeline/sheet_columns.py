"""What the columns of an officer's spreadsheet mean: headings in Vietnamese, English and Thai; "@vi", "@en", "@th" name the language."""

from archive.records.folding import fold

_HEADINGS = {
    "file": "file|filename|file name|path|ten tep|ten tap tin|ten file|tep|tep tin|tap tin|duong dan|ชื่อไฟล์|ไฟล์",
    "title": "title|name|tieu de|ten|ten hien vat|ten tu lieu|ชื่อเรื่อง|ชื่อ|หัวข้อ",
    "description": "description|caption|mo ta|chu thich|noi dung|คำอธิบาย|รายละเอียด",
    "creator": "creator|author|photographer|artist|tac gia|nguoi chup|nguoi thuc hien|ผู้สร้าง|ผู้ถ่ายภาพ",
    "captured": "date|captured|date taken|capture date|ngay chup|ngay|ngay thang|วันที่|วันที่ถ่าย",
    "rights": "rights|licence|license|ban quyen|giay phep|quyen|สิทธิ์|สัญญาอนุญาต",
    "rights_holder": "rights holder|holder|chu so huu|don vi so huu|ผู้ถือสิทธิ์",
    "credit": "credit|credit line|ghi nguon|เครดิต",
    "subject": "subject|subjects|keywords|tags|tu khoa|chu de|คำสำคัญ",
    "access": "access|visibility|muc truy cap|quyen xem|การเข้าถึง",
    "location_access": "location access|quyen xem vi tri|การเข้าถึงตำแหน่ง",
    "nature": "nature|tinh chat|ลักษณะ",
    "method": "method|phuong phap|phuong phap thuc hien|วิธีการ",
    "camera": "camera|may anh|กล้อง",
    "device": "device|equipment|instrument|scanner|thiet bi|may quet|may do|อุปกรณ์|เครื่องสแกน",
    "software": "software|phan mem|ซอฟต์แวร์",
    "accuracy": "accuracy|do chinh xac|sai so|ความแม่นยำ|ความคลาดเคลื่อน",
    "unit": "unit|units|don vi do|หน่วยวัด",
    "processing": "processing|xu ly|qua trinh xu ly|การประมวลผล",
    "conditions": "conditions|weather|dieu kien|thoi tiet|สภาพแวดล้อม|สภาพอากาศ",
    "sources": "sources|source|nguon tu lieu|can cu|can cu phuc dung|แหล่งอ้างอิง|หลักฐาน",
    "latitude": "latitude|lat|vi do|ละติจูด",
    "longitude": "longitude|lon|lng|kinh do|ลองจิจูด",
    "altitude": "altitude|elevation|do cao|ความสูง",
    "heading": "heading|direction|bearing|huong|ทิศ",
    "replaces": "replaces|thay cho|thay the|แทนที่",
    "ark": "ark|ma ark",
}
_LANGUAGES = ("vi", "en", "th")
_WORDED = {"title", "description", "method", "processing", "conditions", "sources"}
"""Columns of words: Vietnamese unless the heading names another language."""


def plain(heading: str) -> str:
    """A heading as it is compared: no diacritics of Latin letters, đ as d, lower case, words joined by one blank."""
    return " ".join(fold(heading).replace("_", " ").replace("-", " ").replace("\ufeff", "").split())


_FIELDS = {plain(heading): field for field, headings in _HEADINGS.items() for heading in headings.split("|")}


def field_of(heading: str) -> str:
    """The field that a column means ("title@vi", "file", "replaces" …), or "" when it is not known."""
    name, _, language = heading.partition("@")
    field = _FIELDS.get(plain(name), "")
    code = language.strip().lower()
    if field in _WORDED:
        return f"{field}@{code or 'vi'}" if not code or code in _LANGUAGES else ""
    return "" if code else field


def describes_files(headings: tuple[str, ...]) -> bool:
    """Whether these columns make a sheet that describes files of the deposit: a file (or ARK) column and one more that is known."""
    fields = {field_of(heading) for heading in headings} - {""}
    return bool(fields & {"file", "ark"}) and len(fields) > 1
