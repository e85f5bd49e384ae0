"""The ledger: CPU-seconds of verifying it whole, beside sha256 alone over the same lines; of proofs, appending and a receipt.

    python benchmarks/ledger.py [entries]

Writes a ledger of so many entries (default 100,000) in a folder that is removed again. The floor is hashlib over every line: no tree
hashes less. The promise is 100,000 entries in at most one second.
"""

import hashlib
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.ledger.log import Ledger
from archive.ledger.merkle import verify_consistency, verify_inclusion
from archive.ledger.receipt import make_receipt, verify_receipt
from archive.ledger.signers import new_signers
from archive.records.events import Event, EventType, Outcome
from archive.storage.base import make_folders
from archive.storage.local import LocalStorage

BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
MONTHS = 12


def main() -> None:
    """Measure and print, one line each."""
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as scratch:
        log = filled(Path(scratch), entries)
        lines = [entry.line for entry in log.entries()]
        print(f"{entries} entries, {sum(map(len, lines)) / entries:.0f} bytes each, {MONTHS} segments")
        floor = timed("floor: sha256 of every line", lambda: [hashlib.sha256(line).digest() for line in lines])
        whole = timed("verified whole (problems)", lambda: list(log.problems()))
        print(f"  {whole / floor:.1f} × the floor, {entries / whole:,.0f} entries per CPU-second")
        timed("all nodes for proofs (tree)", log.tree)
        tree, checkpoint = log.tree(), log.checkpoint()
        timed("1,000 inclusion proofs", lambda: [tree.inclusion(index) for index in range(0, entries, -(-entries // 1000))])
        proof = tree.consistency(entries // 3)
        timed(
            "a consistency proof verified",
            lambda: verify_consistency(entries // 3, tree.root_at(entries // 3), checkpoint.size, checkpoint.root, proof),
        )
        path = tree.inclusion(entries // 2)
        leaf = hashlib.sha256(b"\0" + lines[entries // 2]).digest()
        timed("an inclusion proof verified", lambda: verify_inclusion(leaf, entries // 2, checkpoint.size, path, checkpoint.root))
        chosen = list(log.entries(entries - 200))
        receipt = make_receipt(log, chosen)
        timed(f"a receipt of 200 entries made ({len(receipt) / 1000:.0f} kB)", lambda: make_receipt(log, chosen))
        timed("that receipt verified", lambda: verify_receipt(receipt))


def filled(scratch: Path, entries: int) -> Ledger:
    """A ledger of so many entries over a year."""
    storage = LocalStorage(scratch)
    make_folders(storage, "work/locks")
    make_folders(storage, "ledger")
    signers = new_signers("ditich-archive/benchmark")
    log = Ledger(storage, "ditich-archive/benchmark", [signer.public for signer in signers])
    log.create(signers, BEGIN)
    share = -(-entries // MONTHS)
    for month in range(MONTHS):
        numbers = range(month * share, min((month + 1) * share, entries))
        log.append([_event(number) for number in numbers], signers, BEGIN + timedelta(days=31 * month))
    return log


def _event(number: int) -> Event:
    digest = hashlib.sha512(b"%d" % number).hexdigest()
    extra: dict[str, object] = {"version": "v1", "inventory_sha512": digest, "files": 4, "bytes": 12_345_678}
    name = f"ark:99999/dt{number:017d}"
    return Event(
        f"urn:uuid:{digest[:36]}", EventType.INGESTION, BEGIN.isoformat(), Outcome.SUCCESS, ("urn:uuid:agent",), (name,), "", extra
    )


def timed(name: str, work: Callable[[], object]) -> float:
    """The best of three runs, in CPU-seconds."""
    best = float("inf")
    for _ in range(3):
        begin = time.process_time()
        work()
        best = min(best, time.process_time() - begin)
    print(f"{name}: {best:.4f} CPU-s")
    return best


if __name__ == "__main__":
    main()
