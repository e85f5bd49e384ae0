"""Search over 100,000 generated assets: ``python -m benchmarks.search [assets]`` prints p50, p95 and the slowest question.

Titles are made from Vietnamese, Thai and English words, a common word in every second one, as a province's archive would have them. The
target is a p95 of 30 ms.
"""

import random
import statistics
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import insert, text

from archive.catalogue import Catalogue, schema
from archive.catalogue.rows import WordsRow
from archive.home import create_home
from archive.records.folding import fold
from benchmarks.title_words import ENGLISH, THAI, VIETNAMESE

QUESTIONS = (
    "dinh thac gian",
    "Đình Thạc Gián",
    "hoa my",
    "rong phuong",
    "มรกต",
    "พระแก้วมรกต",
    "แก",
    "stele gate",
    "altar",
    "dragon ridge north",
    "ảnh",
    "anh 4242",
    "khong co gi ca",
    "dt12",
    "ac gia",
    "bia mo 77",
    "ศาลาประชาคม",
    "d",
    "house",
    "4242.jpg",
)


def title(chance: random.Random, number: int) -> str:
    """Five words in one language, and a number."""
    words = chance.choices((VIETNAMESE, THAI, ENGLISH), (6, 2, 2))[0]
    joined = ("" if words is THAI else " ").join(chance.choices(words, k=5))
    return f"{'Ảnh ' if number % 2 else ''}{joined} {number}"


def fill(catalogue: Catalogue, assets: int) -> None:
    """Write the search rows of so many assets."""
    chance = random.Random(1)
    rows = []
    for number in range(assets):
        words = title(chance, number)
        body = fold(f"IMG_{number:06d}.jpg {' '.join(chance.choices(VIETNAMESE, k=12))}")
        rows.append(asdict(WordsRow(f"ark:99999/dt{number:016d}", "photo", "ark:99999/dtsite", words, None, None, fold(words), body)))
    with catalogue._writing() as connection:  # noqa: SLF001 - assets of this kind need no archive behind them
        schema.create_tables(connection)
        connection.execute(insert(schema.words), rows)
        for index in schema.INDEXES:
            connection.execute(text(f"INSERT INTO {index} (rowid, title, body) SELECT number, title, body FROM words"))  # noqa: S608 - fixed names


def main() -> None:
    """Fill, ask, print."""
    assets = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        home = create_home(Path(folder) / "home", name="benchmark", keys=Path(folder) / "keys")
        with Catalogue(home, schema.open_engine(home.catalogue)) as catalogue:
            fill(catalogue, assets)
            times: list[tuple[float, str, int]] = []
            for question in QUESTIONS * 10:
                start = time.perf_counter()
                found = len(catalogue.search(question))
                times.append(((time.perf_counter() - start) * 1000, question, found))
        size = home.catalogue.stat().st_size / 1e6
    times.sort()
    milliseconds = [took for took, _question, _found in times]
    p95 = milliseconds[int(len(milliseconds) * 0.95)]
    slowest = times[-1]
    print(f"{assets} assets, {size:.0f} MB: p50 {statistics.median(milliseconds):.1f} ms, p95 {p95:.1f} ms")
    print(f"slowest {slowest[0]:.1f} ms ({slowest[1]})")
    for question in QUESTIONS:
        own = sorted(took for took, asked, _found in times if asked == question)
        count = next(found for _took, asked, found in times if asked == question)
        print(f"  {own[len(own) // 2]:7.1f} ms  {count:3d} hits  {question}")


if __name__ == "__main__":
    main()
