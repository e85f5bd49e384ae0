"""A crowd of visitors over real sockets: each walks the tour in a browser's manner, with pauses, and keeps what a browser would keep.

A minimal HTTP/1.1 client (RFC 9112), because a thousand of a full client would measure the client. An answer counts as an error when it is
not 2xx, 3xx, or is shorter than it says.
"""

import asyncio
import random
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

PATIENCE = 30.0
"""Seconds until a visitor gives up on an answer."""
_LINK = re.compile(r'<a [^>]*href="(/[^"#]*)')
_LOADED = re.compile(r'(?:src|srcset|href)="(/(?:static|media|iiif)/[^"#]*)"')
_IMAGE = re.compile(r"/iiif/[\w./-]+")
_TILES = ("0,0,512,512/512,512/0/default.jpg", "512,0,512,512/512,512/0/default.jpg", "0,512,512,512/512,512/0/default.jpg", "info.json")


@dataclass
class Tally:
    """What happened to a crowd: answers by status, faults in words, seconds of every answer, bytes."""

    statuses: Counter[int] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    octets: int = 0

    def quantile(self, share: float) -> float:
        """The time within which that share of answers had come."""
        return sorted(self.seconds)[min(len(self.seconds) - 1, int(share * len(self.seconds)))] if self.seconds else 0.0


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


class Connection:
    """One kept-alive connection."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> Answer:
        """Ask for one address; a connection that the server closed meanwhile is opened again once."""
        for attempt in (1, 2):
            if self._streams is None:
                self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 20)
            try:
                return await self._ask(path)
            except (ConnectionError, asyncio.IncompleteReadError):
                self.close()
                if attempt == 2:
                    raise
        raise AssertionError

    async def _ask(self, path: str) -> Answer:
        assert self._streams is not None
        reader, writer = self._streams
        writer.write(f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1:{self._port}\r\naccept-encoding: br\r\naccept-language: vi\r\n\r\n".encode())
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        status = int(head.split(" ", 2)[1])
        if "transfer-encoding: chunked" in head:
            return Answer(status, await _chunks(reader))
        length = re.search(r"content-length: (\d+)", head)
        return Answer(status, await reader.readexactly(int(length[1])) if length and status not in {204, 304} else b"")

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    parts = []
    while size := int((await reader.readline()).split(b";")[0], 16):
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readexactly(2)
    return b"".join(parts)


@dataclass
class Crowd:
    """Visitors of one server.

    Attributes:
        start: the address that the QR sign leads to.
        pause: longest time between two pages of one visitor, in seconds.
    """

    port: int
    start: str
    pause: float
    seed: int
    tally: Tally = field(default_factory=Tally)

    async def walk(self, visitors: int, seconds: float) -> Tally:
        """Let so many visitors walk at once for so long; they arrive within the first tenth of it."""
        until = time.monotonic() + seconds
        await asyncio.gather(*(self._visit(number, until, seconds / 10) for number in range(visitors)))
        return self.tally

    async def _visit(self, number: int, until: float, arrival: float) -> None:
        choice = random.Random(f"{self.seed}/{number}")
        connection, kept, page = Connection(self.port), set[str](), self.start
        await asyncio.sleep(choice.uniform(0, arrival))
        while time.monotonic() < until:
            body = await self._fetch(connection, page)
            text = body.decode("utf-8", "replace")
            for address in self._loaded(text, choice):
                if address not in kept:
                    kept.add(address)
                    await self._fetch(connection, address)
            links = [unescape(link) for link in _LINK.findall(text) if "/search" not in link] or [self.start]
            page = choice.choice(links)
            await asyncio.sleep(min(choice.uniform(0, self.pause), max(0.0, until - time.monotonic())))
        connection.close()

    def _loaded(self, text: str, choice: random.Random) -> list[str]:
        found = [unescape(address).split(" ")[0] for address in _LOADED.findall(text)]
        images = sorted({match.rstrip("/") for match in _IMAGE.findall(unescape(text)) if match.count("/") == 4})
        return found + [f"{image}/{choice.choice(_TILES)}" for image in images[:2]]

    async def _fetch(self, connection: Connection, path: str) -> bytes:
        began = time.monotonic()
        try:
            answer = await asyncio.wait_for(connection.get(path), PATIENCE)
        except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
            connection.close()
            self.tally.faults[f"{type(error).__name__} at {path.split('/')[1]}"] += 1
            return b""
        self.tally.seconds.append(time.monotonic() - began)
        self.tally.statuses[answer.status] += 1
        self.tally.octets += len(answer.body)
        if answer.status >= 400:
            self.tally.faults[f"{answer.status} at {path}"] += 1
        return answer.body


def resident(pid: int) -> int:
    """Bytes of memory that a process and its children hold now (Linux)."""
    total = 0
    for process in (pid, *_children(pid)):
        try:
            total += int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]) * 4096
        except OSError:
            continue
    return total


def _children(pid: int) -> list[int]:
    try:
        found = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    except OSError:
        return []
    return [one for child in found for one in (child, *_children(child))]


@dataclass
class SlowClients:
    """Clients that never finish: some send their request a byte at a time, some read a long answer a few bytes at a time."""

    port: int
    long_answer: str
    dropped: int = 0

    async def annoy(self, senders: int, readers: int, seconds: float) -> None:
        """Hold so many connections for so long."""
        until = time.monotonic() + seconds
        await asyncio.gather(*(self._send_slowly(until) for _ in range(senders)), *(self._read_slowly(until) for _ in range(readers)))

    async def _send_slowly(self, until: float) -> None:
        _reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        for octet in b"GET / HTTP/1.1\r\nx-slow: " + b"a" * 10_000:
            if time.monotonic() >= until:
                break
            try:
                writer.write(bytes([octet]))
                await writer.drain()
            except ConnectionError:
                self.dropped += 1
                break
            await asyncio.sleep(0.5)
        writer.close()

    async def _read_slowly(self, until: float) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=256)
        writer.write(f"GET {self.long_answer} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
        while time.monotonic() < until and await reader.read(64):  # noqa: ASYNC110 - being slow is what this client is for
            await asyncio.sleep(0.5)
        writer.close()
