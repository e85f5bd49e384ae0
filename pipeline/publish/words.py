"""Sentences of the publish step, in the three languages."""

from archive.findings import Severity
from archive.records.asset import AssetKind
from archive.records.text import LocalText
from pipeline.publish.public_record import Withheld
from pipeline.rule import Rule

KINDS: dict[AssetKind, LocalText] = {
    AssetKind.PHOTO: LocalText("Ảnh chụp", "Photo", "ภาพถ่าย"),
    AssetKind.PANORAMA: LocalText("Ảnh toàn cảnh", "Panorama", "ภาพพาโนรามา"),
    AssetKind.POINT_CLOUD: LocalText("Đám mây điểm", "Point cloud", "พอยต์คลาวด์"),
    AssetKind.MESH: LocalText("Mô hình 3D", "3D model", "แบบจำลองสามมิติ"),
    AssetKind.SPLAT: LocalText("Mô hình Gaussian splat", "Gaussian splat", "แบบจำลองเกาส์เซียนสแปลต"),
    AssetKind.DOCUMENT: LocalText("Tài liệu", "Document", "เอกสาร"),
    AssetKind.RECORDING: LocalText("Bản ghi", "Recording", "สื่อบันทึก"),
    AssetKind.FILE: LocalText("Tệp", "File", "ไฟล์"),
}

WHY: dict[Withheld, LocalText] = {
    Withheld.SITE_NOT_PUBLIC: LocalText(
        "Hồ sơ di tích chưa được công khai. Đặt quyền truy cập “public” trong site.toml rồi chạy `ditich site save`.",
        "The site itself is not public. Set its access to “public” in site.toml, then `ditich site save`.",
        "ข้อมูลแหล่งมรดกนี้ยังไม่เปิดเผยต่อสาธารณะ ตั้งค่า access เป็น “public” ใน site.toml แล้วสั่ง `ditich site save`",
    ),
    Withheld.WITHDRAWN: LocalText("Đã rút khỏi công bố.", "It has been withdrawn.", "ถูกถอนออกจากการเผยแพร่แล้ว"),
    Withheld.RESTRICTED: LocalText(
        "Chưa ai cho phép công khai (mặc định là hạn chế). Dùng `ditich edit` để thay đổi.",
        "Nobody has made it public (the default is restricted). `ditich edit` changes that.",
        "ยังไม่มีผู้อนุญาตให้เปิดเผย (ค่าเริ่มต้นคือจำกัดการเข้าถึง) เปลี่ยนได้ด้วย `ditich edit`",
    ),
    Withheld.REDUCED: LocalText("Chỉ hiện tên và ảnh nhỏ.", "Only its title and a small picture are shown.", "แสดงเฉพาะชื่อและภาพขนาดย่อ"),
    Withheld.LOCATION: LocalText(
        "Không hiện vị trí và không cho tải bản gốc: vị trí của tư liệu không công khai.",
        "No position and no original: its location is not public.",
        "ไม่แสดงตำแหน่งและไม่ให้ดาวน์โหลดต้นฉบับ เพราะตำแหน่งของสื่อนี้ไม่เปิดเผย",
    ),
    Withheld.SITE_LOCATION: LocalText(
        "Không hiện vị trí và không cho tải bản gốc: tọa độ của di tích không công khai.",
        "No position and no original: the site's coordinates are not public.",
        "ไม่แสดงตำแหน่งและไม่ให้ดาวน์โหลดต้นฉบับ เพราะพิกัดของแหล่งมรดกไม่เปิดเผย",
    ),
    Withheld.ROUNDED: LocalText(
        "Không cho tải bản gốc: trong tệp có vị trí chính xác, còn di tích chỉ công khai tọa độ làm tròn.",
        "No original: the file holds the exact place, and the site shows rounded coordinates only.",
        "ไม่ให้ดาวน์โหลดต้นฉบับ เพราะไฟล์มีตำแหน่งที่แน่นอน แต่แหล่งมรดกเปิดเผยเฉพาะพิกัดที่ปัดเศษแล้ว",
    ),
    Withheld.NO_OPEN_LICENCE: LocalText(
        "Không cho tải bản gốc: chưa có giấy phép cho phép sao chép.",
        "No original: no licence that lets others copy it is stated.",
        "ไม่ให้ดาวน์โหลดต้นฉบับ เพราะไม่มีสัญญาอนุญาตให้ทำสำเนา",
    ),
}

COPY_INSTEAD = LocalText(
    "Thay vào đó cho tải một bản sao chỉ có hình, không kèm dữ liệu ẩn.",
    "A copy that holds nothing but the picture is offered instead.",
    "ให้ดาวน์โหลดสำเนาที่มีเฉพาะภาพ ไม่มีข้อมูลแฝง แทน",
)


def numbered_title(kind: AssetKind, number: int, captured: str) -> LocalText:
    """A title for an asset that nobody has named: what it is, which one, and when it was captured where that is known."""
    words = KINDS[kind]
    when = f" ({captured})" if captured else ""
    return LocalText(f"{words.vi} {number}{when}", f"{words.en} {number}{when}", f"{words.th} {number}{when}")


SITE_FILE_LEFT_OUT = Rule(
    "site-file-left-out",
    Severity.WARN,
    vi="Không làm sạch được tệp {name} của {site} để công bố nên bỏ lại. Hãy sửa trong thư mục di tích rồi chạy `ditich site save`.",
    en="{name} of {site} cannot be cleaned for publication, so it is left out. Mend it in the site folder, then `ditich site save`.",
    th="ไฟล์ {name} ของ {site} ทำความสะอาดเพื่อเผยแพร่ไม่ได้ จึงไม่รวมไว้ โปรดแก้ไขในโฟลเดอร์ของแหล่ง แล้วสั่ง `ditich site save`",
)

ASSET_LEFT_OUT = Rule(
    "asset-left-out",
    Severity.WARN,
    vi="Không đọc được tư liệu {ark} trong kho: mất hoặc hư hại, nên trang công bố không có nó. Hãy chạy `ditich audit`.",
    en="{ark} cannot be read in the archive: it is missing or damaged, so its page is left out. Run `ditich audit`.",
    th="อ่านรายการ {ark} ในคลังไม่ได้: สูญหายหรือเสียหาย หน้าเผยแพร่จึงไม่มีรายการนี้ โปรดเรียก `ditich audit`",
)
