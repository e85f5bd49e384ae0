"""Which texture belongs to which material."""

from pipeline.rehearsal import joinery, masonry
from pipeline.rehearsal.kernels import Triple, kernel
from pipeline.rehearsal.looks import UV, Look
from pipeline.rehearsal.mesher import Material

_paving, _grass, _plaster, _stone, _floor = masonry.paving, masonry.grass, masonry.plaster, masonry.stone, masonry.floor
_roof_tile, _mosaic, _water, _stele = masonry.roof_tile, masonry.mosaic, masonry.water, masonry.stele
_wood, _rafter, _red, _gold, _board = joinery.wood, joinery.rafter, joinery.red_lacquer, joinery.gold, joinery.board
_cloth, _bronze, _porcelain = joinery.cloth, joinery.bronze, joinery.porcelain
_leaf, _bark, _flower = joinery.leaf, joinery.bark, joinery.flower

PAVING, GRASS, PLASTER, STONE, FLOOR = (int(m) for m in (Material.PAVING, Material.GRASS, Material.PLASTER, Material.STONE, Material.FLOOR))
ROOF_TILE, MOSAIC, WATER, STELE = (int(m) for m in (Material.ROOF_TILE, Material.MOSAIC, Material.WATER, Material.STELE))
WOOD, RAFTER, RED, GOLD, BOARD = (int(m) for m in (Material.WOOD, Material.RAFTER, Material.RED_LACQUER, Material.GOLD, Material.BOARD))
CLOTH, BRONZE, PORCELAIN = (int(m) for m in (Material.CLOTH, Material.BRONZE, Material.PORCELAIN))
LEAF, BARK, FLOWER, FLAME = (int(m) for m in (Material.LEAF, Material.BARK, Material.FLOWER, Material.FLAME))


@kernel
def look(material: int, part: int, at: Triple, uv: UV, foot: float) -> Look:
    """The texture of a material at a point.

    Args:
        material: a :class:`Material`.
        part: the piece it belongs to.
        at: the point, metres.
        uv: metres along the surface.
        foot: size of a pixel there, metres.
    """
    if material <= FLOOR:
        return _laid(material, part, at, uv, foot)
    if material < WOOD or material == STELE:
        return _set(material, at, uv, foot)
    if material <= BOARD:
        return _joined(material, part, at, uv, foot)
    if material <= PORCELAIN:
        return _precious(material, part, at, uv, foot)
    return _grown(material, part, at, foot)


@kernel
def _laid(material: int, part: int, at: Triple, uv: UV, foot: float) -> Look:
    if material == PAVING:
        return _paving(at, foot)
    if material == GRASS:
        return _grass(at, foot)
    if material == PLASTER:
        return _plaster(at, part, foot)
    if material == STONE:
        return _stone(at, uv, foot)
    return _floor(at, foot)


@kernel
def _set(material: int, at: Triple, uv: UV, foot: float) -> Look:
    if material == ROOF_TILE:
        return _roof_tile(at, uv, foot)
    if material == MOSAIC:
        return _mosaic(at, uv, foot)
    if material == WATER:
        return _water(at)
    return _stele(at, uv, foot)


@kernel
def _joined(material: int, part: int, at: Triple, uv: UV, foot: float) -> Look:
    if material == WOOD:
        return _wood(uv, part, foot)
    if material == RAFTER:
        return _rafter(at, foot)
    if material == RED:
        return _red(at, uv, foot)
    if material == GOLD:
        return _gold(uv, foot)
    return _board(uv, part, foot)


@kernel
def _precious(material: int, part: int, at: Triple, uv: UV, foot: float) -> Look:
    if material == CLOTH:
        return _cloth(uv, foot)
    if material == BRONZE:
        return _bronze(at)
    return _porcelain(uv, part, foot)


@kernel
def _grown(material: int, part: int, at: Triple, foot: float) -> Look:
    if material == LEAF:
        return _leaf(at, part)
    if material == BARK:
        return _bark(at, foot)
    if material == FLOWER:
        return _flower(part, at)
    if material == FLAME:
        return (1.0, 0.55, 0.2), 0.0, 0.0, 0.0
    return _paving(at, foot)
