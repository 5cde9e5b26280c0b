"""The rows that one batch writes: gathered while its events are gone through, sent at its end.

A statement an event costs a round trip each, and that is what a view then takes. Rows that
are named by their primary key can wait: what several events say of one row is put together,
and what is left goes in bulk, a table at a time, inside the batch's own transaction.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Table, and_, text, update
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.schema import ScalarElementColumnDefault

COPIED_FROM = 20
"""So many rows are cheaper by COPY, which takes a round trip more than an insert."""

Key: TypeAlias = tuple[Any, ...]
Values: TypeAlias = dict[str, Any]

_NOTHING = text("select 1")


class Rows:
    """What a batch writes, in the transaction of the connection that it is given.

    *schema* is that of tables which name none themselves.
    """

    def __init__(self, connection: AsyncConnection, schema: str = "public") -> None:
        self._connection = connection
        self._schema = schema
        self._tables: dict[Table, _Waiting] = {}

    def insert(self, table: Table, **values: Any) -> None:
        """Insert one row. One that is there already fails the batch when it is written."""
        self._of(table).insert(values)

    async def update(
        self, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]
    ) -> None:
        """Set columns of the row whose primary key is *key*; nothing where there is none.

        A value may be an expression over the row as it stands: that is a statement at once.
        """
        if any(isinstance(value, ColumnElement) for value in values.values()):
            here = and_(*(table.c[name] == value for name, value in key.items()))
            connection = await self.written()
            await connection.execute(update(table).where(here).values(dict(values)))
        else:
            self._of(table).update(key, values)

    async def written(self) -> AsyncConnection:
        """Write what waits; return the connection, for what only a statement can do."""
        waiting = [table for table in self._tables.values() if table]
        if waiting:
            session: Any = (await self._connection.get_raw_connection()).driver_connection
            if not session.is_in_transaction():  # SQLAlchemy begins one with a statement
                await self._connection.execute(_NOTHING)
            for table in waiting:
                await table.write(session)
        return self._connection

    def _of(self, table: Table) -> "_Waiting":
        waiting = self._tables.get(table)
        if waiting is None:
            waiting = self._tables[table] = _Waiting(table, table.schema or self._schema)
        return waiting


class _Waiting:
    """What waits to be written to one table."""

    def __init__(self, table: Table, schema: str) -> None:
        self._shape = _shape(table)
        self._schema = schema
        self._unnamed: list[
            Values
        ] = []  # without a key, or with one that the database gives
        self._inserts: dict[Key, Values] = {}
        self._updates: dict[Key, Values] = {}

    def __bool__(self) -> bool:
        return bool(self._unnamed or self._inserts or self._updates)

    def insert(self, values: Values) -> None:
        row = self._shape.defaults | values
        key = tuple(row[name] for name in self._shape.key if name in row)
        if not key or len(key) < len(self._shape.key):
            self._unnamed.append(row)
            return
        if key in self._inserts:
            raise ValueError(f"{self._shape.name}: two new rows have the same key")
        self._updates.pop(key, None)  # it found no row
        self._inserts[key] = row

    def update(self, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        place = tuple(key[name] for name in self._shape.key)
        row = self._inserts.get(place)
        if row is None:
            row = self._updates.setdefault(place, {})
        row.update(values)

    async def write(self, session: Any) -> None:
        shape, place = self._shape, f'"{self._schema}"."{self._shape.name}"'
        new = [((), row) for row in (*self._inserts.values(), *self._unnamed)]
        for columns, rows in shape.sent(new).items():
            if len(rows) >= COPIED_FROM:
                await session.copy_records_to_table(
                    shape.name, schema_name=self._schema, columns=columns, records=rows
                )
            else:
                await session.executemany(_insert_into(place, columns), rows)
        for columns, rows in shape.sent(self._updates.items()).items():
            await session.executemany(_update(place, columns, shape.key), rows)
        self._unnamed, self._inserts, self._updates = [], {}, {}


@dataclass(frozen=True, slots=True)
class _Shape:
    """What is known of a table: its key, its defaults, and what a value is sent as."""

    name: str
    key: tuple[str, ...]
    defaults: Values
    processors: Mapping[str, Callable[[Any], Any]]

    def sent(self, rows: Iterable[tuple[Key, Values]]) -> dict[tuple[str, ...], list[Key]]:
        """Return by columns what the driver is given: the values, then the key."""
        groups: dict[tuple[str, ...], list[Key]] = {}
        processors = self.processors
        for key, row in rows:
            values = [
                processors[name](value) if name in processors else value
                for name, value in row.items()
            ]
            groups.setdefault(tuple(row), []).append((*values, *key))
        return groups


@cache
def _shape(table: Table) -> _Shape:
    dialect: Any = asyncpg.dialect()  # type: ignore[no-untyped-call] # SQLAlchemy's own
    processors = {
        column.name: column.type.dialect_impl(dialect).bind_processor(dialect)
        for column in table.columns
    }
    return _Shape(
        table.name,
        tuple(column.name for column in table.primary_key),
        {
            column.name: column.default.arg
            for column in table.columns
            if isinstance(column.default, ScalarElementColumnDefault)
        },
        {name: process for name, process in processors.items() if process is not None},
    )


def _insert_into(place: str, columns: Sequence[str]) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(f"${n}" for n in range(1, len(columns) + 1))
    return f"insert into {place} ({names}) values ({values})"  # noqa: S608 our own names


def _update(place: str, columns: Sequence[str], key: Sequence[str]) -> str:
    sets = ", ".join(f'"{name}" = ${n}' for n, name in enumerate(columns, 1))
    here = (f'"{name}" = ${n}' for n, name in enumerate(key, len(columns) + 1))
    return f"update {place} set {sets} where {' and '.join(here)}"  # noqa: S608 our own names
