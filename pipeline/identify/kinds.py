"""What kind of asset a format makes, and which file of a group is its principal: the one written table.

The principal decides the asset's ARK, so it is what was captured or modelled, never what only helps to show it:

| group | principal | companions | sidecars |
|---|---|---|---|
| RAW + JPEG/HEIC/TIFF of one shot | the RAW | the others | ``.xmp`` |
| OBJ + MTL + textures | the OBJ | MTL, textures | |
| glTF + bin + images | the ``.gltf`` | bin, images | |
| DAE + textures, PLY + texture | the DAE, the PLY | textures | |
| anything else | the file itself | | ``.xmp`` |
"""

from archive.records.asset import AssetKind


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


RAW_FORMATS = _names("3fr arw cr2 cr3 crw dcr dng erf gpr iiq mef mos mrw nef orf pef raf raw rw2 rwl srw x3f")
_PICTURE = _names("jpeg tiff bigtiff png heic heif avif webp jp2 jpx j2k jxl gif")
_CLOUD = _names("e57 las laz copc ply-points pcd pts ptx xyz")
_MESH = _names("obj glb gltf stl usd usdz dae 3mf ply ply-mesh off nxs draco")
_SPLAT = _names("spz splat ksplat ply-splat ply-splat-compressed")
_DOCUMENT = _names("pdf text csv tsv html xml json markdown svg xmp rtf doc docx xls xlsx xlsb ppt pptx ole2 odt ods odp epub")
_RECORDING = _names("wav aiff mp3 flac ogg m4a mp4 mov 3gp avi mkv webm")
_TABLE = (
    (AssetKind.PHOTO, _PICTURE | RAW_FORMATS),
    (AssetKind.POINT_CLOUD, _CLOUD),
    (AssetKind.MESH, _MESH),
    (AssetKind.SPLAT, _SPLAT),
    (AssetKind.DOCUMENT, _DOCUMENT),
    (AssetKind.RECORDING, _RECORDING),
)
KIND_OF_FORMAT = {name: kind for kind, names in _TABLE for name in names}
SHOT_FORMATS = _PICTURE - {"gif"}
"""Formats in which a camera writes the developed picture beside its RAW."""


def kind_of(format_name: str) -> AssetKind:
    """The kind of asset that a lone file of this format makes; FILE when it is not understood."""
    return KIND_OF_FORMAT.get(format_name, AssetKind.FILE)
