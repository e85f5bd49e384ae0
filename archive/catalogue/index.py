"""The catalogue as its users see it."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, fields
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, Table, bindparam, delete, insert, select, text
from sqlalchemy.exc import DatabaseError, OperationalError

from archive.catalogue import schema
from archive.catalogue.rows import FORMER, AssetRow, CatalogueHit, DepositRow, FileRow, KnownFile, Rows, SiteRow, rows_of, storable
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


class CatalogueDamageError(StorageError):
    """The catalogue's file is no sound database; it is disposable."""


class Catalogue:
    """An open catalogue; ``with`` closes it.

    Args:
        home: the archive it is the index of.
        engine: on its database.
        scratch: a folder of its own, which goes when it is closed.
    """

    def __init__(self, home: Home, engine: Engine, scratch: TemporaryDirectory[str] | None = None) -> None:
        self._home = home
        self._engine = engine
        self._scratch = scratch

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()
        if self._scratch is not None:
            self._scratch.cleanup()

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
        except StorageError:
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

    def files(self) -> tuple[FileRow, ...]:
        """The originals of all assets that their newest version has, sorted by ARK and path."""
        table = schema.files
        columns = [table.c[field.name] for field in fields(FileRow)]
        query = select(*columns).where(table.c.role != FORMER).order_by(table.c.ark, table.c.path)
        with self._reading() as connection:
            return tuple(FileRow(*row) for row in connection.execute(query))

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
                connection.execute(insert(table), [{name: storable(value) for name, value in asdict(row).items()} for row in found])
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
        with self._refusals("read"), self._engine.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._refusals("written"), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _refusals(self, what: str) -> Iterator[None]:
        """Turns the errors of the database, of connecting to it and of letting go of it into Ditich's."""
        try:
            yield
        except DatabaseError as error:
            if _is_damage(error):
                raise _damaged(error) from error
            if not isinstance(error, OperationalError):
                raise
            raise StorageError(
                f"The catalogue cannot be {what}: {self._home.catalogue}.",
                advice="The archive is not affected. Make room or wait for the other command, then run `ditich rebuild --only catalogue`.",
                detail=str(error),
                code="catalogue-refused",
                values={"path": self._home.catalogue},
            ) from error


def open_catalogue(home: Home, scratch: Path | None = None) -> Catalogue:
    """The catalogue of an archive, up to date with its ledger; made again when it is missing, damaged or of another schema.

    Args:
        home: the archive.
        scratch: a folder for a copy to work on, so that nothing in the home is written; None works on the catalogue itself, or where
            nobody may write there, on a copy of its own.
    """
    own = TemporaryDirectory(prefix="ditich-catalogue-") if scratch is None and not os.access(home.root, os.W_OK) else None
    folder = Path(own.name) if own else scratch
    path = _copied(home.catalogue, folder) if folder else home.catalogue
    if path.exists() and not _is_database(path):
        _remove(path)
    try:
        return _current(home, path, own)
    except CatalogueDamageError:
        _remove(path)
        return _current(home, path, own)


def _current(home: Home, path: Path, own: TemporaryDirectory[str] | None) -> Catalogue:
    catalogue = Catalogue(home, schema.open_engine(path), own)
    if catalogue.is_current_schema():
        catalogue.catch_up()
    else:
        catalogue.rebuild()
    return catalogue


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _damaged(error: DatabaseError) -> CatalogueDamageError:
    return CatalogueDamageError(
        "The catalogue is damaged.",
        advice="The archive is not affected. Run `ditich rebuild --only catalogue`.",
        detail=str(error),
    )


def _is_damage(error: DatabaseError) -> bool:
    """Whether the file is no sound database, as SQLite's primary result code says (https://sqlite.org/rescode.html)."""
    return _is_damage_code(error.orig)


def _is_damage_code(error: BaseException | None) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def _copied(catalogue: Path, scratch: Path) -> Path:
    """The catalogue's copy; with its write-ahead log, where another command left one."""
    for suffix in ("", "-wal"):
        with suppress(FileNotFoundError):
            shutil.copyfile(catalogue.with_name(catalogue.name + suffix), scratch / (catalogue.name + suffix))
    return scratch / catalogue.name


def _is_database(path: Path) -> bool:
    try:
        connection = sqlite3.connect(path)
        try:
            connection.execute("SELECT count(*) FROM sqlite_master")
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        return not _is_damage_code(error)
    return True


def _set_ledger_size(connection: Connection, size: int) -> None:
    connection.execute(schema.state.update().where(schema.state.c.name == "ledger_size").values(value=size))
