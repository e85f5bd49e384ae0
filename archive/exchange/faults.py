"""What can keep an object of a package from being taken in, with the sentence for the person at the screen."""

from archive.bagit.faults import Fault
from archive.findings import Severity

CONFLICT = Fault(
    "import-conflict",
    Severity.REFUSE,
    vi="Kho đã có {ark} với nội dung khác ({here}; gói: {there}). Không ghi đè gì; hãy hỏi kho gửi xem bản nào đúng.",
    en="The archive already has {ark} with other bytes ({here}; the bag: {there}). Nothing was replaced; ask the sender which is right.",
    th="คลังมี {ark} อยู่แล้วแต่เนื้อหาต่างกัน ({here}; แพ็กเกจ: {there}) ไม่ได้เขียนทับ โปรดถามผู้ส่งว่าฉบับใดถูก",
)
NEWER = Fault(
    "import-newer-version",
    Severity.REFUSE,
    vi="Kho có {ark} đến {here}, gói nối tiếp đến {there}. Để nhận các phiên bản mới của kho khác: thêm --newer.",
    en="The archive has {ark} up to {here}, the bag goes on to {there}. To take the other archive's newer versions: add --newer.",
    th="คลังมี {ark} ถึง {here} แต่แพ็กเกจต่อไปถึง {there} หากต้องการรับรุ่นใหม่จากอีกคลัง ให้เพิ่ม --newer",
)
NOT_OURS = Fault(
    "import-object-not-whole",
    Severity.REFUSE,
    vi="Đối tượng {ark} trong gói không nguyên vẹn hoặc không do Ditich ghi, nên không được nhận. Hãy xin người gửi gói khác.",
    en="The object {ark} of the bag is not whole or was not written by Ditich, so it is not taken. Ask the sender for another bag.",
    th="รายการ {ark} ในแพ็กเกจไม่สมบูรณ์หรือไม่ได้เขียนโดย Ditich จึงไม่รับ โปรดขอแพ็กเกจใหม่จากผู้ส่ง",
)
SLUG_TAKEN = Fault(
    "import-site-name-taken",
    Severity.REFUSE,
    vi="Kho đã có di tích khác tên ngắn “{slug}”. Hãy đổi tên ngắn ở một trong hai kho rồi xuất và nạp lại.",
    en="The archive has another site of the short name “{slug}”. Change one of the two names, then export and import again.",
    th="คลังมีสถานที่อื่นที่ใช้ชื่อย่อ “{slug}” อยู่แล้ว โปรดเปลี่ยนชื่อย่อในคลังใดคลังหนึ่งแล้วส่งออกและนำเข้าใหม่",
)
SITE_REFUSED = Fault(
    "import-site-refused",
    Severity.REFUSE,
    vi="Di tích {site} của đối tượng này không được nhận, nên đối tượng cũng không.",
    en="The site {site} of this object was not taken, so neither was the object.",
    th="ไม่รับสถานที่ {site} ของรายการนี้ จึงไม่รับรายการนี้ด้วย",
)
SITE_ABSENT = Fault(
    "import-site-absent",
    Severity.WARN,
    vi="Di tích {site} của {ark} chưa có trong kho: không thể xuất bản trước khi nạp gói của di tích đó.",
    en="The site {site} of {ark} is not in this archive: nothing can be published of it before the site's own bag is imported.",
    th="ยังไม่มีสถานที่ {site} ของ {ark} ในคลังนี้ จึงเผยแพร่ไม่ได้จนกว่าจะนำเข้าแพ็กเกจของสถานที่นั้น",
)
