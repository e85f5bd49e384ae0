"""How the archive stands: what it holds, when it was checked, what falls due, and what nobody has taken care of yet.

Everything comes from the ledger and its check lists. An object falls due a scrub after ``scrub_days``, a full audit after ``full_days``,
counted from its last check of that kind or, before there is one, from its ingest; a full audit is a scrub too.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from archive.findings import Finding, Severity
from archive.home import Home
from archive.ledger.checks import CheckRun, check_lines, run_of
from archive.settings import Cadence

SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Status:
    """The figures of an archive.

    Attributes:
        name: of the archive.
        objects, versions, bytes: kept; bytes are those of the originals and records, every one stored once.
        last_check: when the newest check run was made, RFC 3339; "" when there was none.
        next_due: when the next object falls due; "" in an empty archive.
        overdue: objects whose scrub or full audit should have been made before now.
        due_soon: those that fall due within 14 days.
        damaged: objects that were not intact when last checked.
        second_location: where the other copy is, as set.
        ledger_entries: signed.
        vouched: whether anybody outside holds a checkpoint of this ledger.
        notices: what somebody should take care of.
    """

    name: str
    objects: int
    versions: int
    bytes: int
    last_check: str
    next_due: str
    overdue: int
    due_soon: int
    damaged: int
    second_location: str
    ledger_entries: int
    vouched: bool
    notices: tuple[Finding, ...]


@dataclass(slots=True)
class _Object:
    """When an object came and was last checked."""

    scrubbed: datetime
    audited: datetime
    intact: bool = True

    def due(self, cadence: Cadence) -> datetime:
        """When it has to be looked at again."""
        scrub = max(self.scrubbed, self.audited) + timedelta(days=cadence.scrub_days)
        return min(scrub, self.audited + timedelta(days=cadence.full_days))


@dataclass(slots=True)
class _Tally:
    """What a pass over the ledger adds up."""

    objects: dict[str, _Object]
    versions: int = 0
    bytes: int = 0
    entries: int = 0
    last_check: str = ""


def status(home: Home, now: datetime) -> Status:
    """How the archive stands at that time (with a time zone).

    Raises:
        DamageError: the ledger or one of its check lists is not readable; an audit says more.
    """
    tally = _tally(home)
    due = sorted(found.due(home.config.cadence) for found in tally.objects.values())
    overdue = sum(when < now for when in due)
    damaged = sum(not found.intact for found in tally.objects.values())
    return Status(
        name=home.config.name,
        objects=len(tally.objects),
        versions=tally.versions,
        bytes=tally.bytes,
        last_check=tally.last_check,
        next_due=due[0].isoformat(timespec="seconds") if due else "",
        overdue=overdue,
        due_soon=sum(now <= when < now + SOON for when in due),
        damaged=damaged,
        second_location=home.config.second_location,
        ledger_entries=tally.entries,
        vouched=False,  # nobody outside can hold a checkpoint yet: receipts and replicas that cosign are not built
        notices=tuple(_notices(home, (damaged, overdue, len(due)))),
    )


def _tally(home: Home) -> _Tally:
    tally = _Tally({})
    for entry in home.log.entries():
        event = entry.event
        tally.entries += 1
        extra: dict[str, Any] = event.extra
        run = run_of(event)
        if run is not None:
            tally.last_check = event.when
            _add_run(home, run, tally)
        elif "inventory_sha512" in extra:
            when = datetime.fromisoformat(event.when)
            tally.objects.setdefault(event.objects[0], _Object(when, when))
            tally.versions += 1
            tally.bytes += int(extra["bytes"])
    return tally


def _add_run(home: Home, run: CheckRun, tally: _Tally) -> None:
    for line in check_lines(home.tree, run):
        found = tally.objects.get(line.object)
        if found is None:
            continue
        found.intact = line.outcome == "intact"
        if line.outcome == "not checked":
            continue
        when = datetime.fromisoformat(line.time)
        found.scrubbed = max(found.scrubbed, when)
        if run.algorithm == "sha512":
            found.audited = max(found.audited, when)


def _notices(home: Home, figures: tuple[int, int, int]) -> list[Finding]:
    damaged, overdue, objects = figures
    notices = []
    if damaged:
        notices.append(
            _notice(
                "damaged-objects",
                (
                    f"{damaged} đối tượng không còn nguyên vẹn trong lần kiểm tra gần nhất. Hãy chạy `ditich audit` và đọc báo cáo.",
                    f"{damaged} objects were not intact when last checked. Run `ditich audit` and read its report.",
                    f"มี {damaged} รายการที่ไม่สมบูรณ์ในการตรวจครั้งล่าสุด โปรดเรียก `ditich audit` แล้วอ่านรายงาน",
                ),
            )
        )
    if overdue:
        notices.append(
            _notice(
                "check-overdue",
                (
                    f"{overdue}/{objects} đối tượng đã quá hạn kiểm tra. Hãy chạy `ditich audit`.",
                    f"{overdue}/{objects} objects are overdue for a check. Run `ditich audit`.",
                    f"{overdue}/{objects} รายการเลยกำหนดตรวจแล้ว โปรดเรียก `ditich audit`",
                ),
            )
        )
    if not home.config.second_location:
        notices.append(
            _notice(
                "no-second-location",
                (
                    "Kho này mới chỉ có một bản. Hãy sao chép sang một đĩa ở nơi khác và ghi nơi đó vào ditich.toml (second_location).",
                    "There is only one copy of this archive. Copy it to a disk elsewhere, named in ditich.toml (second_location).",
                    "คลังนี้มีเพียงสำเนาเดียว โปรดคัดลอกไปยังดิสก์ในสถานที่อื่น แล้วระบุสถานที่นั้นใน ditich.toml (second_location)",
                ),
            )
        )
    notices.append(
        _notice(
            "nobody-vouches",
            (
                "Chưa có ai bên ngoài giữ dấu kiểm của nhật ký này, nên không ai khác có thể xác nhận nó chưa bị viết lại.",
                "Nobody outside holds a checkpoint of this ledger, so nobody else can vouch that it was not rewritten.",
                "ยังไม่มีบุคคลภายนอกเก็บจุดตรวจสอบของบันทึกนี้ จึงไม่มีใครอื่นยืนยันได้ว่าไม่ได้ถูกเขียนขึ้นใหม่",
            ),
        )
    )
    return notices


def _notice(code: str, sentences: tuple[str, str, str]) -> Finding:
    severity = Severity.NOTE if code == "nobody-vouches" else Severity.WARN
    return Finding(code, severity, "", dict(zip(("vi", "en", "th"), sentences, strict=True)))
