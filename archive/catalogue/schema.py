"""The tables of the catalogue, and how SQLite is opened for them.

WAL, so that readers never wait; ``synchronous=NORMAL``, because a power cut costs a rebuild and nothing else; every
writing transaction begins with BEGIN IMMEDIATE, because a read transaction that wants to write later fails under load. Two full-text
indexes over the folded words: whole words for languages with spaces, trigrams for Thai and for parts of words.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Engine, Float, Index, Integer, MetaData, String, Table, create_engine, event, text
from sqlalchemy.pool import NullPool

SCHEMA = 1
_BUSY_SECONDS = 30

metadata = MetaData()

state = Table("state", metadata, Column("name", String, primary_key=True), Column("value", Integer, nullable=False))


def _table(name: str, columns: str, *indexes: Index) -> Table:
    """A table from a short description: ``column`` is text, ``column#`` a whole number, ``column~`` a real one, ``?`` may be null."""
    made = []
    for number, described in enumerate(columns.split()):
        kind = Integer if "#" in described else Float if "~" in described else String
        made.append(Column(described.rstrip("?#~"), kind, nullable="?" in described, primary_key=not number and "*" not in described))
    return Table(name, metadata, *made, *indexes)


objects = _table("object", "id kind head inventory_sha512")
assets = _table(
    "asset",
    "ark site kind nature title_vi? title_en? title_th? creator captured access rights survey deposit withdrawn ordinal# latitude~? "
    "longitude~? files# bytes#",
    Index("asset_of_site", "site"),
)
sites = _table("site", "ark slug name_vi? name_en? name_th? nature access")
deposits = _table("deposit", "ark site survey origin received files# archived# refused# undone")
files = Table(
    "file",
    metadata,
    *(Column(name, String, nullable=False) for name in ("ark", "site", "path", "role", "sha512", "sha256")),
    Column("size", Integer, nullable=False),
    *(Column(name, String, nullable=False) for name in ("format", "puid")),
    Index("file_of_asset", "ark"),
    Index("file_by_digest", "site", "sha512"),
)
words = Table(
    "words",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("ark", String, nullable=False, unique=True),
    *(Column(name, String, nullable=False) for name in ("kind", "site")),
    *(Column(name, String) for name in ("title_vi", "title_en", "title_th")),
    *(Column(name, String, nullable=False) for name in ("title", "body")),
)

INDEXES = {
    "words_index": "unicode61 remove_diacritics 0",
    "parts_index": "trigram",
}
"""Full-text tables over ``words`` by their tokenizer; rowid is ``words.number``."""


def open_engine(path: Path) -> Engine:
    """An engine on the catalogue's file, made when it is not there; without a pool, so that closing means closed."""
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, connect_args={"timeout": _BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver's own transactions begin too late; ours begin below
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":  # readers take no lock
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def create_tables(connection: Connection) -> None:
    """Drop every table and make them new and empty."""
    for name in INDEXES:
        connection.execute(text(f"DROP TABLE IF EXISTS {name}"))
    metadata.drop_all(connection)
    metadata.create_all(connection)
    for name, tokenizer in INDEXES.items():
        connection.execute(text(f"CREATE VIRTUAL TABLE {name} USING fts5(title, body, tokenize='{tokenizer}')"))
    connection.execute(state.insert(), [{"name": "schema", "value": SCHEMA}, {"name": "ledger_size", "value": 0}])
