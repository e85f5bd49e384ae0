"""Drawing within a budget: what one drawing does is decided by the test, not by the clock."""

from collections.abc import Callable, Iterator
from functools import partial
from threading import Event
from typing import Any

import pytest
from anyio import create_task_group, sleep_forever, to_thread
from anyio.from_thread import BlockingPortal, start_blocking_portal

from viewer.iiif.drawings import Budget, BusyError, Drawings
from viewer.iiif.render import StoppedError


@pytest.fixture(scope="module")
def portal() -> Iterator[BlockingPortal]:
    with start_blocking_portal() as started:
        yield started


def slow(release: Event, content: bytes = b"drawn") -> Callable[[Callable[[], bool]], bytes]:
    """Draws until it is released or stopped."""

    def draw(stopped: Callable[[], bool]) -> bytes:
        while not release.wait(0.005):
            if stopped():
                raise StoppedError("stopped")
        return content

    return draw


def run(portal: BlockingPortal, work: Callable[[], Any]) -> Any:
    return portal.call(work)


def test_a_picture_is_drawn_once_for_all_who_wait(portal: BlockingPortal) -> None:
    release, drawings, got = Event(), Drawings(Budget()), []

    async def ask() -> None:
        got.append(await drawings.draw("image", "request", slow(release), sleep_forever))

    async def all_ask() -> None:
        async with create_task_group() as group:
            for _ in range(20):
                group.start_soon(ask)
            await to_thread.run_sync(release.wait, 0.02)
            assert len(drawings._making) == 1
            release.set()

    run(portal, all_ask)
    assert got == [b"drawn"] * 20
    assert drawings.known("image", "request") == b"drawn"
    drawings.forget("image")
    assert drawings.known("image", "request") is None


@pytest.mark.parametrize(("budget", "images"), [(Budget(waiting=2), "abc"), (Budget(of_one_image=2), "aaa")])
def test_a_crowd_is_sent_away(portal: BlockingPortal, budget: Budget, images: str) -> None:
    release, drawings = Event(), Drawings(budget)

    async def scene() -> None:
        async with create_task_group() as group:
            for number, image in enumerate(images[:2]):
                group.start_soon(partial(drawings.draw, image, str(number), slow(release), sleep_forever))
            await to_thread.run_sync(release.wait, 0.02)
            with pytest.raises(BusyError):
                await drawings.draw(images[2], "2", slow(release), sleep_forever)
            release.set()
        assert await drawings.draw(images[2], "2", slow(release), sleep_forever) == b"drawn"

    run(portal, scene)


def test_nobody_waits_for_ever(portal: BlockingPortal) -> None:
    """Neither for a picture that takes too long nor for a slot."""
    drawings = Drawings(Budget(at_once=1, seconds=0.05))

    async def ask(request: str) -> None:
        with pytest.raises(BusyError):
            await drawings.draw("image", request, slow(Event()), sleep_forever)

    async def scene() -> None:
        async with create_task_group() as group:
            group.start_soon(ask, "one")
            group.start_soon(ask, "two")
        assert await drawings.draw("image", "three", lambda _: b"at once", sleep_forever) == b"at once"

    run(portal, scene)


def test_when_the_last_has_left_the_work_stops(portal: BlockingPortal) -> None:
    drawings, stopped = Drawings(Budget(seconds=60)), []

    def draw(is_over: Callable[[], bool]) -> bytes:
        while not is_over():
            pass
        stopped.append(True)
        raise StoppedError("stopped")

    async def leave() -> None:
        return

    async def scene() -> None:
        with pytest.raises(BusyError):
            await drawings.draw("image", "request", draw, leave)

    run(portal, scene)
    assert stopped == [True]


def test_what_cannot_be_read_is_said_to_all(portal: BlockingPortal) -> None:
    def draw(_: Callable[[], bool]) -> bytes:
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        portal.call(Drawings(Budget()).draw, "image", "request", draw, sleep_forever)


def test_memory_of_pictures_is_bounded(portal: BlockingPortal) -> None:
    drawings = Drawings(Budget(kept=1600))
    for number in range(30):
        portal.call(drawings.draw, "image", str(number), lambda _: bytes(100), sleep_forever)
    assert [number for number in range(30) if drawings.known("image", str(number)) is None] == list(range(14))
    portal.call(drawings.draw, "image", "large", lambda _: bytes(101), sleep_forever)
    assert drawings.known("image", "large") is None
