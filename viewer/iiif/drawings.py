"""Pictures that must be drawn: a few at a time, each once for all who wait for it, none longer than its time, the latest kept.

One image cannot starve the others, a crowd cannot pile up, and a picture for which nobody waits any more is not finished.
"""

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from anyio import CapacityLimiter, Event, create_task_group, move_on_after, to_thread

from viewer.iiif.render import StoppedError

Gone = Callable[[], Awaitable[object]]
DrawOne = Callable[[Callable[[], bool]], bytes]
"""Makes one picture; asks the callable that it is given whether to stop."""


class BusyError(RuntimeError):
    """The picture would take too long now: answer 503 and ask to come again."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What drawing may cost one worker of the server.

    Attributes:
        at_once: pictures drawn at the same time.
        waiting: pictures drawn or waiting to be.
        of_one_image: as many of them may be of one image.
        seconds: from the first request to the answer.
        kept: bytes of drawn pictures that are remembered.
    """

    at_once: int = 2
    waiting: int = 24
    of_one_image: int = 6
    seconds: float = 10.0
    kept: int = 32 * 1024 * 1024


@dataclass(eq=False, slots=True)
class _Drawing:
    """A picture in the making. ``watchers``: how many requests wait for it."""

    ends: float
    done: Event = field(default_factory=Event)
    watchers: int = 0
    content: bytes | None = None
    failure: OSError | None = None

    def is_over(self) -> bool:
        return self.watchers == 0 or time.monotonic() > self.ends

    async def leave_when(self, gone: Gone) -> None:
        await gone()
        self.watchers -= 1


class Drawings:
    """Draws what is asked for, within a budget; for one event loop."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._slots: CapacityLimiter | None = None
        self._making: dict[tuple[str, str], _Drawing] = {}
        self._kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._kept_octets = 0

    def known(self, image: str, request: str) -> bytes | None:
        """A picture that was drawn before and is still remembered."""
        found = self._kept.get((image, request))
        if found is not None:
            self._kept.move_to_end((image, request))
        return found

    async def draw(self, image: str, request: str, draw_one: DrawOne, gone: Gone) -> bytes:
        """The picture. Whoever asks for one that is being made waits for that one.

        Args:
            image: name of the image.
            request: canonical form of the request.
            draw_one: makes it, in a thread.
            gone: returns when the one who asked has left.

        Raises:
            BusyError: too many are waiting, or it took too long.
            OSError: the image cannot be read.
        """
        name = image, request
        drawing = self._making.get(name)
        is_first = drawing is None
        if drawing is None:
            self._refuse_crowd(image)
            drawing = self._making[name] = _Drawing(time.monotonic() + self._budget.seconds)
        drawing.watchers += 1
        async with create_task_group() as group:
            group.start_soon(drawing.leave_when, gone)
            await (self._make(name, drawing, draw_one) if is_first else drawing.done.wait())
            group.cancel_scope.cancel()
        if drawing.failure is not None:
            raise drawing.failure
        if drawing.content is None:
            raise BusyError(request)
        return drawing.content

    def _refuse_crowd(self, image: str) -> None:
        of_this = sum(1 for other, _ in self._making if other == image)
        if len(self._making) >= self._budget.waiting or of_this >= self._budget.of_one_image:
            raise BusyError(image)

    async def _make(self, name: tuple[str, str], drawing: _Drawing, draw_one: DrawOne) -> None:
        if self._slots is None:
            self._slots = CapacityLimiter(self._budget.at_once)
        try:
            # Waiting for a slot ends with the time; the thread looks at the clock itself, for nothing else can end it.
            with move_on_after(self._budget.seconds):
                drawing.content = await to_thread.run_sync(draw_one, drawing.is_over, limiter=self._slots)
        except StoppedError:
            pass
        except OSError as error:
            drawing.failure = error
        finally:
            del self._making[name]
            drawing.done.set()
        if drawing.content is not None:
            self._keep(name, drawing.content)

    def _keep(self, name: tuple[str, str], content: bytes) -> None:
        if len(content) > self._budget.kept // 16:
            return
        self._kept[name] = content
        self._kept_octets += len(content)
        while self._kept_octets > self._budget.kept:
            self._kept_octets -= len(self._kept.popitem(last=False)[1])

    def forget(self, image: str) -> None:
        """Drop the pictures of an image that is no longer published."""
        for name in [name for name in self._kept if name[0] == image]:
            self._kept_octets -= len(self._kept.pop(name))
