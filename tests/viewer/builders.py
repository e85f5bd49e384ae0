"""A publication with every kind of asset, with words that try to break out of a page, and a visitor who asks for addresses."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from starlette.applications import Starlette

from archive.publications.write import write_publication
from archive.records.asset import AssetKind, Nature
from archive.records.derivative import DerivedFile, MediaRole
from archive.records.identifiers import ark_from_blade, identifier_of
from archive.records.publication import PublicAsset, PublicFact, PublicFile, PublicSite, PublicText, Resolution, ResolverEntry
from archive.records.text import LocalText
from archive.records.tour import Hotspot, Scene, SceneLink
from tests.archive.publications.builders import PAPER, PHOTO, SLUG, small_site
from viewer.app import create_app

EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}"
EVIL_TEXT = f"# {EVIL}\n\n## Hai\n\n{EVIL} [a](javascript:alert(1)) ![x](https://evil.example/x.png)"
CLOUD = ark_from_blade("99999", "7" * 16)
MESH = ark_from_blade("99999", "8" * 16)
SPLAT = ark_from_blade("99999", "9" * 16)
SOUND = ark_from_blade("99999", "b" * 16)
ODD = ark_from_blade("99999", "c" * 16)
BARE = ark_from_blade("99999", "d" * 16)
BARE_SLUG = "nha-xa"
TILE = b"glTF-not-really" * 100
EMPTY = LocalText()


def write_museum(folder: Path) -> Path:
    """Write two sites below ``folder``/publications: one with everything, one described only. Returns the publications' root."""
    site, media = small_site(folder / "pictures")
    extra = [_cloud(folder, media), _mesh(folder, media), *_others(folder, media)]
    tour = site.tour
    assert tour is not None
    gate, yard = tour.scenes
    gate = replace(
        gate,
        links=(*gate.links, SceneLink("dtgone", 10.0)),
        hotspots=(*gate.hotspots, Hotspot(0.0, 0.0, LocalText(vi="Bia"), LocalText(vi="Chữ trên bia."), asset="ark:99999/dtprivate")),
    )
    unheaded = Scene(identifier_of(PHOTO), PHOTO, LocalText(vi="Mái"), directions=(("north", LocalText(vi="bắc")),))
    site = replace(
        site,
        assets=(*site.assets, *extra),
        tour=replace(tour, scenes=(gate, yard, unheaded, replace(unheaded, id="dtnowhere", panorama="ark:99999/dtx"))),
        facts=(*site.facts, PublicFact("decision", EMPTY, "", "?"), PublicFact("strange_name", LocalText(en=EVIL), EVIL, "Z")),
        texts=(*site.texts, PublicText("evil", LocalText(vi=EVIL), LocalText(vi=EVIL_TEXT))),
        resolver=(*site.resolver, *(ResolverEntry(asset.ark, Resolution.PUBLIC, f"{SLUG}/{asset.id}") for asset in extra)),
    )  # fmt: skip
    root = folder / "publications"
    root.mkdir()
    exports = {"manifest.json": b'{"type": "Manifest"}\n' + b" " * 2000, f"premis-{identifier_of(PHOTO)}.xml": b"<premis/>"}
    write_publication(root, site, media, exports)
    write_publication(root, _bare_site(), {}, {})
    return root


def _bare_site() -> PublicSite:
    """A site that is described and has nothing digitised."""
    return PublicSite(
        ark=BARE,
        slug=BARE_SLUG,
        generation=0,
        name=LocalText(vi="Nhà Xa"),
        summary=LocalText(vi="Chưa có ảnh.", en="No pictures.", th="บ้านไกลในหมู่บ้านริมคลอง"),
        nature=Nature.SURVEY,
        level="described",
        facts=(PublicFact("rank", LocalText(vi="Di tích quốc gia", en="National relic", th="โบราณสถานระดับชาติ"), "Báo", "A"),),
        texts=(PublicText("story", LocalText(vi="Chuyện"), LocalText(vi="# Chuyện\n\nMột đoạn.")),),
        assets=(),
        tour=None,
        resolver=(ResolverEntry(BARE, Resolution.PUBLIC, BARE_SLUG),),
    )


@dataclass
class _Shelf:
    """Where the files of one asset are written and listed."""

    media: dict[tuple[str, str], Path]
    folder: Path
    identity: str

    def put(self, name: str, content: bytes) -> tuple[int, str]:
        target = self.folder / self.identity / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        self.media[self.identity, name] = target
        return len(content), hashlib.sha256(content).hexdigest()

    def derived(self, name: str, role: MediaRole, kind: str, content: bytes) -> DerivedFile:
        return DerivedFile(role, name, kind, *self.put(name, content))

    def poster(self) -> tuple[DerivedFile, ...]:
        """The small site's document has a poster: the same picture serves here."""
        source = identifier_of(PAPER)
        made = []
        for name, kind in (("poster.avif", "image/avif"), ("poster.jpg", "image/jpeg")):
            file = self.derived(name, MediaRole.POSTER, kind, self.media[source, name].read_bytes())
            made.append(replace(file, width=1024, height=768))
        return tuple(made)


def _cloud(folder: Path, media: dict[tuple[str, str], Path]) -> PublicAsset:
    shelf = _Shelf(media, folder / "extra", identifier_of(CLOUD))
    index = json.dumps({"content/0/0/0/0.glb": [0, len(TILE)], "subtrees/0/0/0/0.subtree": [len(TILE), 30]}).encode()
    files = (
        shelf.derived("tileset.json", MediaRole.TILESET, "application/json", b'{"asset": {"version": "1.1"}}'),
        shelf.derived("tiles.json", MediaRole.TILES, "application/json", index),
        shelf.derived("tiles.pack", MediaRole.TILES, "application/octet-stream", TILE + b"s" * 30),
        *shelf.poster(),
    )
    facts: dict[str, Any] = {"points": 2_000_000, "stations": [{"guid": "a"}, {"guid": "b"}], "unit": "metre"}
    facts["focus"] = {"minimum": [-4.0, -3.25, 0.0], "maximum": [4.0, 3.5, 2.75]}
    return _asset(CLOUD, AssetKind.POINT_CLOUD, files, facts, Nature.SIMULATED)


def _mesh(folder: Path, media: dict[tuple[str, str], Path]) -> PublicAsset:
    shelf = _Shelf(media, folder / "extra", identifier_of(MESH))
    model = shelf.derived("model.glb", MediaRole.MODEL, "model/gltf-binary", b"glTF" + b"m" * 5000)
    return _asset(MESH, AssetKind.MESH, (model, *shelf.poster()), {"triangles": 90_000}, Nature.RECONSTRUCTION)


def _others(folder: Path, media: dict[tuple[str, str], Path]) -> Iterator[PublicAsset]:
    yield _asset(SPLAT, AssetKind.SPLAT, (), {"splats": 1000}, Nature.SURVEY)
    shelf = _Shelf(media, folder / "extra", identifier_of(SOUND))
    downloads = []
    for name, kind in (("trống hội.wav", "audio/wav"), ("hội.mp4", "video/mp4")):
        size, _ = shelf.put(f"original/{name}", b"RIFF" + b"0" * 3000)
        downloads.append(PublicFile(name, "WAV", kind, size, hashlib.sha512(b"x").hexdigest()))
    yield replace(_asset(SOUND, AssetKind.RECORDING, (), {}, Nature.SURVEY), downloads=tuple(downloads))
    shelf = _Shelf(media, folder / "extra", identifier_of(ODD))
    copy = shelf.derived("copy.html", MediaRole.ACCESS_COPY, "text/html", b"<script>alert(1)</script>" * 60)
    odd = _asset(ODD, AssetKind.FILE, (copy,), {"width": "nonsense"}, Nature.SURVEY)
    words = LocalText(vi=EVIL, en=EVIL, th=EVIL)
    odd = replace(odd, title=words, description=words, creator=EVIL, rights=EVIL, credit=EVIL, subject=(EVIL,))
    yield replace(odd, captured="1900~", latitude=16.0, longitude=108.0)


def _asset(ark: str, kind: AssetKind, files: tuple[DerivedFile, ...], facts: dict[str, Any], nature: Nature) -> PublicAsset:
    return PublicAsset(
        ark, identifier_of(ark), kind, nature, LocalText(vi=f"Vật {kind}"), EMPTY, "", "", "", "", (), files, facts,
    )  # fmt: skip


@dataclass
class Visitor:
    """Asks the application for addresses, as a browser would, without a socket; in a thread of its own, beside any other event loop."""

    app: Starlette
    portal: BlockingPortal

    def get(self, path: str, *, method: str = "GET", headers: Mapping[str, str] | None = None) -> httpx.Response:
        return self.portal.call(self._ask, path, method, {"accept-encoding": "identity", **(headers or {})})

    async def _ask(self, path: str, method: str, headers: Mapping[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://ditich.test") as client:
            return await client.request(method, path, headers=headers)

    def raw(self, raw_path: bytes) -> int:
        """The status of an address whose bytes a client library would tidy first."""
        return self.portal.call(self._raw, raw_path)

    async def _raw(self, raw_path: bytes) -> int:
        from urllib.parse import unquote_to_bytes

        statuses: list[int] = []
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http", "root_path": "",
            "path": unquote_to_bytes(raw_path).decode("utf-8", "replace"), "raw_path": raw_path, "query_string": b"", "headers": [],
            "client": ("127.0.0.1", 1), "server": ("ditich.test", 80),
        }  # fmt: skip

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        await self.app(scope, receive, send)
        return statuses[0]


@contextmanager
def visiting(root: Path) -> Iterator[Visitor]:
    """A visitor of the publications below ``root``."""
    with start_blocking_portal() as portal:
        yield Visitor(create_app(root), portal)
