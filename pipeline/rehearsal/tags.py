"""EXIF and GPano as a camera would write them, and what the camera says about itself: that it is simulated."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.TiffImagePlugin import IFDRational

from pipeline.rehearsal.place import BADGE, CREATOR, MAKE, RIGHTS, Position


@dataclass(frozen=True, slots=True)
class Shot:
    """What a picture's tags say.

    Attributes:
        model: of the camera. taken: the clock's time as written, EXIF form. position: None without GPS.
        heading: degrees from true north. focal: 35 mm equivalent, 0 for none. orientation: EXIF value 1…8.
    """

    model: str
    taken: str
    position: Position | None
    heading: float
    focal: int = 0
    orientation: int = 1


def exif_time(moment: datetime) -> str:
    """A time in EXIF's form."""
    return moment.strftime("%Y:%m:%d %H:%M:%S")


def exif(shot: Shot) -> Image.Exif:
    """The EXIF block of a shot."""
    block = Image.Exif()
    block[Base.Make] = MAKE
    block[Base.Model] = shot.model
    block[Base.Orientation] = shot.orientation
    block[Base.ImageDescription] = "MO PHONG / SIMULATED: rehearsal of Ditich, no real place"
    block[Base.Software] = "Ditich rehearsal (simulated)"
    block[Base.DateTime] = shot.taken
    block[Base.Artist] = "Ditich rehearsal (simulated)"
    block[Base.Copyright] = "CC0 1.0"
    detail = block.get_ifd(IFD.Exif)
    detail[Base.DateTimeOriginal] = shot.taken
    detail[Base.DateTimeDigitized] = shot.taken
    detail[Base.OffsetTimeOriginal] = "+07:00"
    detail[Base.SubsecTimeOriginal] = "00"
    detail[Base.ExposureTime] = IFDRational(1, 250)
    detail[Base.FNumber] = IFDRational(8, 1)
    detail[Base.ISOSpeedRatings] = 100
    detail[Base.UserComment] = b"UNICODE\0" + BADGE.encode("utf-16-be")
    if shot.focal:
        detail[Base.FocalLength] = IFDRational(shot.focal * 2, 3)
        detail[Base.FocalLengthIn35mmFilm] = shot.focal
        detail[Base.LensModel] = f"Simulated {shot.focal} mm"
    if shot.position is not None:
        _gps(block, shot.position, shot.heading)
    complete = Image.Exif()
    complete.load(block.tobytes())  # Pillow writes the inner directories of a TIFF only when they were read from bytes
    return complete


def _gps(block: Image.Exif, position: Position, heading: float) -> None:
    gps = block.get_ifd(IFD.GPSInfo)
    gps[GPS.GPSVersionID] = b"\x02\x03\x00\x00"
    gps[GPS.GPSLatitudeRef] = "N"
    gps[GPS.GPSLatitude] = _sexagesimal(position.latitude)
    gps[GPS.GPSLongitudeRef] = "E"
    gps[GPS.GPSLongitude] = _sexagesimal(position.longitude)
    gps[GPS.GPSAltitudeRef] = b"\x00"
    gps[GPS.GPSAltitude] = IFDRational(round(position.altitude * 1000), 1000)
    gps[GPS.GPSImgDirectionRef] = "T"
    gps[GPS.GPSImgDirection] = IFDRational(round(heading % 360 * 100), 100)
    gps[GPS.GPSMapDatum] = "WGS-84"


def _sexagesimal(degrees: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    """Degrees, minutes and seconds to a hundred-thousandth of a second (0.3 mm)."""
    whole = int(degrees)
    minutes = int((Fraction(degrees) - whole) * 60)
    seconds = (Fraction(degrees) - whole) * 3600 - minutes * 60
    return IFDRational(whole, 1), IFDRational(minutes, 1), IFDRational(round(seconds * 100_000), 100_000)


def gpano(width: int, heading: float, taken: datetime) -> bytes:
    """An XMP packet for a full sphere (Google's Photo Sphere XMP metadata), with author, rights and the badge in words."""
    height = width // 2
    stamp = taken.isoformat()
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:GPano="http://ns.google.com/photos/1.0/panorama/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/"
 GPano:UsePanoramaViewer="True" GPano:ProjectionType="equirectangular" GPano:CaptureSoftware="Ditich rehearsal (simulated)"
 GPano:PoseHeadingDegrees="{heading:.2f}" GPano:PosePitchDegrees="0.0" GPano:PoseRollDegrees="0.0"
 GPano:InitialViewHeadingDegrees="0" GPano:InitialViewPitchDegrees="0" GPano:SourcePhotosCount="1"
 GPano:CroppedAreaLeftPixels="0" GPano:CroppedAreaTopPixels="0"
 GPano:CroppedAreaImageWidthPixels="{width}" GPano:CroppedAreaImageHeightPixels="{height}"
 GPano:FullPanoWidthPixels="{width}" GPano:FullPanoHeightPixels="{height}"
 GPano:FirstPhotoDate="{stamp}" GPano:LastPhotoDate="{stamp}" xmpRights:WebStatement="{RIGHTS}">
<dc:creator><rdf:Seq><rdf:li>{CREATOR}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{BADGE}</rdf:li></rdf:Alt></dc:description>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>""".encode()
