"""The catalogue as its users see it."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields
from itertools import islice
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, Table, bindparam, delete, insert, select, text
from sqlalchemy.exc import DatabaseError, OperationalError

from archive.catalogue import schema
from archive.catalogue.rows import AssetRow, CatalogueHit, DepositRow, KnownFile, Rows, SiteRow, rows_of
from archive.catalogue.search import search
from archive.errors import StorageError
from archive.home import Home

_BATCH = 500
_TABLES: tuple[tuple[str, Table, str], ...] = (
    ("object", schema.objects, "id"),
    ("asset", schema.assets, "ark"),
    ("site", schema.sites, "ark"),
    ("deposit", schema.deposits, "ark"),
    ("file", schema.files, "ark"),
    ("words", schema.words, "ark"),
)
"""(field of Rows, table, column with the object's id)"""


class Catalogue:
    """An open catalogue; ``with`` closes it.

    Args:
        home: the archive it is the index of.
        engine: on its database.
    """

    def __init__(self, home: Home, engine: Engine) -> None:
        self._home = home
        self._engine = engine

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()

    def rebuild(self, progress: Callable[[int], None] | None = None) -> int:
        """Make everything again from storage alone; how many objects there are. ``progress`` is told the objects of every batch."""
        size = self._home.log.checkpoint().size
        ids = iter(self._home.objects.object_ids())
        total = 0
        with self._writing() as connection:
            schema.create_tables(connection)
            while batch := tuple(islice(ids, _BATCH)):
                self._add(connection, batch)
                total += len(batch)
                if progress is not None:
                    progress(len(batch))
            _set_ledger_size(connection, size)
        return total

    def update(self, object_ids: Iterable[str]) -> None:
        """Look at these objects again."""
        with self._writing() as connection:
            self._renew(connection, tuple(dict.fromkeys(object_ids)))

    def catch_up(self) -> None:
        """Look again at every object that the ledger names since the catalogue last did."""
        size = self._home.log.checkpoint().size
        known = self._state("ledger_size")
        if known > size:  # the archive was put back to an older state
            self.rebuild()
        elif known < size:
            changed = [object_id for entry in self._home.log.entries(known) for object_id in entry.event.objects]
            with self._writing() as connection:
                self._renew(connection, tuple(dict.fromkeys(changed)))
                _set_ledger_size(connection, size)

    def is_current_schema(self) -> bool:
        """Whether the file is a catalogue of this Ditich."""
        try:
            return self._state("schema") == schema.SCHEMA
        except DatabaseError:
            return False

    def find_file(self, site_ark: str, sha512: str) -> tuple[KnownFile, ...]:
        """The files of a site with this digest, sorted by ARK and path."""
        table = schema.files
        query = (
            select(table.c.ark, table.c.path, table.c.role, table.c.sha512)
            .where(table.c.site == site_ark, table.c.sha512 == sha512)
            .order_by(table.c.ark, table.c.path)
        )
        with self._reading() as connection:
            return tuple(KnownFile(*row) for row in connection.execute(query))

    def sites(self) -> tuple[SiteRow, ...]:
        """All sites, by short name."""
        with self._reading() as connection:
            return tuple(
                SiteRow(*row) for row in connection.execute(select(schema.sites).order_by(schema.sites.c.slug, schema.sites.c.ark))
            )

    def assets(self, site: str = "") -> tuple[AssetRow, ...]:
        """The assets of a site (by ARK), or all, sorted by ARK."""
        query = select(schema.assets).order_by(schema.assets.c.ark)
        if site:
            query = query.where(schema.assets.c.site == site)
        with self._reading() as connection:
            return tuple(AssetRow(*row) for row in connection.execute(query))

    def deposits(self, site: str = "") -> tuple[DepositRow, ...]:
        """The deposits of a site (by ARK), or all, in the order they were received."""
        query = select(schema.deposits).order_by(schema.deposits.c.received, schema.deposits.c.ark)
        if site:
            query = query.where(schema.deposits.c.site == site)
        with self._reading() as connection:
            return tuple(DepositRow(*row) for row in connection.execute(query))

    def search(self, words: str, limit: int = 50) -> tuple[CatalogueHit, ...]:
        """Assets and sites in which every word occurs, the best first."""
        with self._reading() as connection:
            return search(connection, words, limit)

    def dump(self) -> bytes:
        """Everything in one canonical form: two catalogues with the same dump say the same. A function of the storage alone."""
        lines = []
        with self._reading() as connection:
            for name, table, _key in _TABLES:
                columns = [column for column in table.c if column.name != "number"]
                for row in connection.execute(select(*columns)):
                    values = {column.name: value for column, value in zip(columns, row, strict=True)}
                    lines.append(json.dumps([name, values], sort_keys=True, ensure_ascii=False))
        return ("\n".join(sorted(lines)) + "\n").encode()

    def _add(self, connection: Connection, object_ids: Iterable[str]) -> None:
        rows = Rows()
        for object_id in object_ids:
            rows_of(self._home, object_id, rows)
        for field in fields(Rows):
            found = getattr(rows, field.name)
            if found:
                table = next(table for name, table, _key in _TABLES if name == field.name)
                connection.execute(insert(table), [asdict(row) for row in found])
        arks = [row.ark for row in rows.words]
        for index in schema.INDEXES:
            if arks:
                query = f"INSERT INTO {index} (rowid, title, body) SELECT number, title, body FROM words WHERE ark = :ark"  # noqa: S608 - fixed names
                connection.execute(text(query), [{"ark": ark} for ark in arks])

    def _renew(self, connection: Connection, object_ids: tuple[str, ...]) -> None:
        if not object_ids:
            return
        values = [{"gone": object_id} for object_id in object_ids]
        for index in schema.INDEXES:
            query = f"DELETE FROM {index} WHERE rowid IN (SELECT number FROM words WHERE ark = :gone)"  # noqa: S608 - fixed names
            connection.execute(text(query), values)
        for _name, table, key in _TABLES:
            connection.execute(delete(table).where(table.c[key] == bindparam("gone")), values)
        self._add(connection, object_ids)

    def _state(self, name: str) -> int:
        with self._reading() as connection:
            return int(connection.execute(select(schema.state.c.value).where(schema.state.c.name == name)).scalar() or 0)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except OperationalError as error:
            raise StorageError(
                "The catalogue cannot be written.",
                advice="The archive is not affected. Make room or wait for the other command, then run `ditich rebuild`.",
                detail=str(error),
            ) from error


def open_catalogue(home: Home) -> Catalogue:
    """The catalogue of an archive, up to date with its ledger; made again when it is missing, damaged or of another schema."""
    path = home.catalogue
    if path.exists() and not _is_database(home):
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    catalogue = Catalogue(home, schema.open_engine(path))
    if catalogue.is_current_schema():
        catalogue.catch_up()
    else:
        catalogue.rebuild()
    return catalogue


def _is_database(home: Home) -> bool:
    try:
        connection = sqlite3.connect(home.catalogue)
        try:
            connection.execute("SELECT count(*) FROM sqlite_master")
        finally:
            connection.close()
    except sqlite3.DatabaseError:
        return False
    return True


def _set_ledger_size(connection: Connection, size: int) -> None:
    connection.execute(schema.state.update().where(schema.state.c.name == "ledger_size").values(value=size))
