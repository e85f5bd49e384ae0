"""Tours from positions and headings; what people have drawn wins."""

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.records.asset import Asset, AssetKind, FileRole, FormatVerdict, GeoPosition, Nature, OriginalFile, SourcedValue
from archive.records.identifiers import ark_from_blade, identifier_of
from archive.records.text import LocalText
from archive.records.tour import Hotspot, Scene, SceneLink, Tour, View
from pipeline.publish.angles import Point, signed
from pipeline.publish.tour_proposal import MOST_LINKS, Standpoint, propose_tour, proposed_edges

SITE = "ark:99999/dtsite"
DEGREE = 110_650.0
"""Metres in a degree of latitude near 16° north (WGS84), to a few metres."""


def asset(number: int, place: tuple[float, float] | None = None, heading: float | None = None, name: str = "") -> Asset:
    file = OriginalFile(name or f"p{number}.jpg", "", 1, "0" * 128, "0" * 64, FileRole.PRINCIPAL, FormatVerdict("jpeg", "image/jpeg"))
    facts = {} if heading is None else {"heading": SourcedValue(heading, "xmp:GPano")}
    position = GeoPosition(16 + place[1] / DEGREE, 108 + place[0] / 107_000, source="exif:GPS") if place else None
    ark = ark_from_blade("99999", f"{number:016d}")
    return Asset(ark, SITE, AssetKind.PANORAMA, Nature.SURVEY, LocalText(), (file,), position=position, facts=facts)


def tour_of(assets: Sequence[Asset], drawn: tuple[Scene, ...] = (), scans: Sequence[Asset] = ()) -> Tour:
    standpoints = [Standpoint(each, LocalText(vi=f"Cảnh {index}")) for index, each in enumerate(assets)]
    names = {each.ark: each.ark for each in assets} | {f"file:{each.principal.path}": each.ark for each in assets}
    return Tour(SITE, propose_tour(Tour(SITE, drawn), standpoints, scans, names))


def links_of(tour: Tour) -> dict[str, dict[str, float]]:
    return {scene.id: {link.to: link.yaw for link in scene.links} for scene in tour.scenes}


def test_without_panoramas_there_are_no_scenes() -> None:
    assert propose_tour(Tour(SITE, ()), [], [], {}) == ()


def test_a_link_points_along_the_bearing_less_the_heading() -> None:
    south, north = asset(1, (0, 0), 0.0), asset(2, (0, 50), 90.0)
    tour = tour_of([south, north])
    first, second = (identifier_of(each.ark) for each in (south, north))
    links = links_of(tour)
    assert links[first][second] == pytest.approx(0, abs=0.5)
    assert links[second][first] == pytest.approx(90, abs=0.5)
    assert all(link.proposed for scene in tour.scenes for link in scene.links)
    distance = math.dist(*(scene.position for scene in tour.scenes if scene.position))
    assert distance == pytest.approx(50, rel=0.01)


def test_a_heading_may_come_with_the_position() -> None:
    turned = replace(asset(1, (0, 0)), position=GeoPosition(16, 108, heading=370.0, source="exif:GPSImgDirection"))
    (scene,) = tour_of([turned]).scenes
    assert (scene.heading, scene.heading_source) == (10.0, "exif:GPSImgDirection")
    (unknown,) = tour_of([replace(turned, position=None, facts={"heading": SourcedValue("north", "x")})]).scenes
    assert unknown.heading is None


def test_the_photographers_first_view_is_kept() -> None:
    seen = replace(asset(1, None, 350.0))
    seen = replace(seen, facts=seen.facts | {"initial_view_heading": SourcedValue(20.0, "xmp:GPano")})
    (scene,) = tour_of([seen]).scenes
    assert scene.view == View(yaw=30.0)


def test_a_row_is_walked_step_by_step() -> None:
    row = [asset(number, (number * 10.0, 0)) for number in range(1, 6)]
    links = links_of(tour_of(row))
    ids = [identifier_of(each.ark) for each in row]
    assert [sorted(links[each]) for each in ids] == [[ids[1]], [ids[0], ids[2]], [ids[1], ids[3]], [ids[2], ids[4]], [ids[3]]]


def reached(names: set[str], edges: set[frozenset[str]]) -> set[str]:
    found, waiting = set(), [min(names)]
    while waiting:
        here = waiting.pop()
        found.add(here)
        waiting += [other for edge in edges if here in edge for other in edge if other not in found]
    return found


coordinate = st.floats(-500, 500).map(lambda value: round(value, 1))


@given(st.lists(st.tuples(coordinate, coordinate, st.just(0.0)), min_size=2, max_size=12))
def test_every_scene_can_be_reached_and_few_links_leave_each(points: list[Point]) -> None:
    positions = {f"s{index:02d}": point for index, point in enumerate(points)}
    edges = proposed_edges(positions)
    assert reached(set(positions), edges) == set(positions)
    assert all(len(edge) == 2 for edge in edges)
    assert edges == proposed_edges(dict(reversed(positions.items())))
    # What joins separate parts may come on top of the most links; a tree has one edge less than scenes.
    assert len(edges) <= MOST_LINKS * len(points) / 2 + len(points)


def test_two_clusters_are_joined_by_their_shortest_way() -> None:
    near = {"a": (0.0, 0.0, 0.0), "b": (5.0, 0.0, 0.0), "c": (400.0, 0.0, 0.0), "d": (405.0, 0.0, 0.0)}
    assert proposed_edges(near) == {frozenset("ab"), frozenset("cd"), frozenset("bc")}


def test_no_more_than_four_ways_leave_a_scene_by_themselves() -> None:
    circle = {f"s{index}": (10 * math.cos(index), 10 * math.sin(index), 0.0) for index in range(6)} | {"m": (0.0, 0.0, 0.0)}
    edges = proposed_edges(circle)
    assert reached(set(circle), edges) == set(circle)


def test_without_positions_scenes_follow_each_other() -> None:
    row = [asset(number) for number in range(1, 4)]
    ids = [identifier_of(each.ark) for each in row]
    assert links_of(tour_of(row)) == {ids[0]: {ids[1]: 0.0}, ids[1]: {ids[0]: -180.0, ids[2]: 0.0}, ids[2]: {ids[1]: -180.0}}


def test_one_without_a_position_is_joined_to_the_rest() -> None:
    mixed = [asset(1, (0, 0)), asset(2, (20, 0)), asset(3)]
    links = links_of(tour_of(mixed))
    assert links[identifier_of(mixed[2].ark)]
    assert identifier_of(mixed[2].ark) in links[identifier_of(mixed[1].ark)]


def test_a_way_is_pointed_at_only_where_its_direction_is_known() -> None:
    headed, turned, unplaced = asset(1, (0, 0), 0.0), asset(2, (20, 0)), asset(3, None, 0.0)
    known = {(scene.id, link.to): link.direction_known for scene in tour_of([headed, turned, unplaced]).scenes for link in scene.links}
    first, second, third = (identifier_of(each.ark) for each in (headed, turned, unplaced))
    assert known == {(first, second): True, (second, first): False, (second, third): False, (third, second): False}


def station(name: str, x: float) -> dict[str, object]:
    return {"guid": name, "name": name, "translation": [548_123.4 + x, 1_776_000.0, 3.0], "rotation": [1, 0, 0, 0]}


def test_positions_come_from_stations_of_the_same_name_and_give_no_grid_away() -> None:
    pair = [asset(1, (0, 0), 0.0, "Trạm-01.jpg"), asset(2, None, 0.0, "scan/tram_02.jpg")]
    pair[0] = replace(pair[0], originals=(replace(pair[0].principal, path="tram 01.JPG"),))
    scan = replace(
        asset(9), kind=AssetKind.POINT_CLOUD, facts={"stations": SourcedValue([station("TRAM_01", 0), station("TRAM_02", 8), "odd"], "e57")}
    )
    tour = tour_of(pair, scans=[asset(8), scan])
    assert [scene.position for scene in tour.scenes] == [(-4.0, 0.0, 0.0), (4.0, 0.0, 0.0)]
    assert links_of(tour)[identifier_of(pair[0].ark)] == {identifier_of(pair[1].ark): 90.0}
    assert "548" not in str(tour)


def test_stations_of_other_names_place_nothing() -> None:
    scan = replace(asset(9), facts={"stations": SourcedValue([station("elsewhere", 0)], "e57")})
    assert tour_of([asset(1)], scans=[scan]).scenes[0].position is None


def drawn(name: str, **changes: object) -> Scene:
    return replace(Scene(f"file:{name}", f"file:{name}", LocalText(vi="Vẽ tay")), **changes)  # type: ignore[arg-type]


def test_what_people_have_drawn_wins() -> None:
    three = [asset(1, (0, 0), 10.0), asset(2, (0, 9), 10.0), asset(3, (0, 18), 10.0)]
    scenes = (
        drawn("p2.jpg", links=(SceneLink("file:p1.jpg", 33.0, -2.0), SceneLink("file:gone.jpg", 1.0)), heading=45.0, view=View(5, 5, 60)),
        drawn("gone.jpg"),
        drawn("p1.jpg", title=LocalText(), position=(1.0, 2.0, 0.0)),
    )
    tour = tour_of(three, scenes)
    ids = [identifier_of(each.ark) for each in three]
    assert [scene.id for scene in tour.scenes] == [ids[1], ids[0], ids[2]]
    second, first, third = tour.scenes
    assert second.links[0] == SceneLink(ids[0], 33.0, -2.0)
    assert [link.to for link in second.links if link.proposed] == [ids[2]], "the one that nobody had drawn is not lost"
    assert (second.title.vi, second.heading, second.view) == ("Vẽ tay", 45.0, View(5, 5, 60))
    assert (first.title.vi, first.heading) == ("Cảnh 0", 10.0)
    assert ids[1] in {link.to for link in first.links}
    assert third.links


def test_a_scene_that_the_drawn_ways_leave_out_gets_one_more() -> None:
    three = [asset(1, (0, 0), 0.0), asset(2, (0, 9), 0.0), asset(3, (20, 9), 0.0)]
    circle = (
        drawn("p1.jpg", links=(SceneLink("file:p2.jpg", 1.0),)),
        drawn("p2.jpg", links=(SceneLink("file:p1.jpg", 181.0),)),
    )
    first, second, third = tour_of(three, circle).scenes
    assert [(link.to, link.proposed) for link in first.links] == [(second.id, False)]
    assert [(link.to, link.proposed) for link in second.links] == [(first.id, False), (third.id, True)]
    assert second.links[1].yaw == pytest.approx(90, abs=0.5)
    assert [link.to for link in third.links] == [second.id]


def test_drawn_islands_are_joined_in_the_order_of_the_tour() -> None:
    four = [asset(number) for number in range(1, 5)]
    islands = tuple(
        drawn(f"p{here}.jpg", links=(SceneLink(f"file:p{there}.jpg", 5.0),)) for here, there in ((1, 2), (2, 1), (3, 4), (4, 3))
    )
    scenes = tour_of(four, islands).scenes
    ways = {(here.id, link.to) for here in scenes for link in here.links if link.proposed}
    assert ways == {(scenes[1].id, scenes[2].id)}


def test_hotspots_about_what_is_not_public_are_left_out() -> None:
    one, two = asset(1), asset(2)
    spots = (
        Hotspot(1, 0, LocalText(vi="chữ")),
        Hotspot(2, 0, LocalText(vi="công khai"), asset="p2.jpg"),
        Hotspot(3, 0, LocalText(vi="công khai"), asset=two.ark),
        Hotspot(4, 0, LocalText(vi="sắc phong"), asset="ark:99999/dthidden"),
    )
    tour = tour_of([one, two], (drawn("p1.jpg", hotspots=spots),))
    assert [(spot.yaw, spot.asset) for spot in tour.scenes[0].hotspots] == [(1, ""), (2, two.ark), (3, two.ark)]


@pytest.mark.parametrize(("degrees", "same"), [(0, 0), (180, -180), (190, -170), (-190, 170), (720, 0)])
def test_signed_angles(degrees: float, same: float) -> None:
    assert signed(degrees) == same
