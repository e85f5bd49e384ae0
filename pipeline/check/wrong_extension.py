"""A file whose name says another format than its bytes."""

from collections.abc import Iterator

from archive.findings import Finding, Severity
from pipeline.check.context import CheckContext
from pipeline.rule import Rule
from pipeline.sip import DescribedAsset

CODE = "wrong-extension"
RULE = Rule(
    CODE,
    Severity.WARN,
    vi="Tên tệp kết thúc bằng “.{extension}” nhưng nội dung là {format}. Tên gốc được giữ; hãy kiểm tra phần mềm đã xuất tệp.",
    en="The name ends in “.{extension}” but the bytes are {format}. The name is kept; check the program that wrote the file.",
    th="ชื่อลงท้ายด้วย “.{extension}” แต่เนื้อไฟล์เป็น {format} ชื่อเดิมจะถูกเก็บไว้ โปรดตรวจโปรแกรมที่สร้างไฟล์",
)
EXTENSIONS = {
    "jpeg": "jpg jpeg jpe jfif thm insp jps mpo",
    "mpo": "mpo jpg jpeg",
    "png": "png apng",
    "gif": "gif",
    "webp": "webp",
    "tiff": "tif tiff dng nef cr2 arw pef srw orf rw2 3fr iiq erf mef dcr kdc",
    "bigtiff": "tif tiff btf tf8",
    "heic": "heic heif hif",
    "heif": "heif heic hif",
    "avif": "avif",
    "jxl": "jxl",
    "pdf": "pdf ai",
    "las": "las",
    "laz": "laz",
    "copc": "laz",
    "e57": "e57",
    "glb": "glb",
    "gltf": "gltf",
    "obj": "obj",
    "stl": "stl",
    "usdz": "usdz",
    "wav": "wav",
    "mp3": "mp3",
    "mp4": "mp4 m4v m4a mov",
}
KNOWN = frozenset(extension for names in EXTENSIONS.values() for extension in names.split()) | {
    "zip",
    "txt",
    "csv",
    "xyz",
    "pts",
    "ptx",
    "ply",
}
"""An extension of our own making ("photo.1") says no format, so it cannot say a wrong one."""


def check(asset: DescribedAsset, context: CheckContext) -> Iterator[Finding]:
    """Look at one asset."""
    del context
    for one in asset.candidate.files:
        extension = one.file.path.rpartition("/")[2].rpartition(".")[2].lower() if "." in one.file.path.rpartition("/")[2] else ""
        allowed = EXTENSIONS.get(one.verdict.name)
        if extension and allowed and extension in KNOWN and extension not in allowed.split():
            yield RULE.finding(one.file.path, one.verdict.basis, extension=extension, format=one.verdict.name)
