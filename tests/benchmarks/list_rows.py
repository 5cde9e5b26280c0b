"""Matters for the list: rows of the read model, filled on the server, spread as in an office."""

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.projection import within
from services.supervision.projections.matter_table import metadata
from services.supervision.projections.matters import MATTERS

TABLE = f'"{MATTERS.schema}".matter'
A_STATEMENT = 100_000
CLOSED = 4
"""For every so many open matters there is one that is closed."""

FILL = f"""
insert into {TABLE} (
    matter_id, organ, status, light, number, subject, requirement, source_kind, source_no,
    addressed_organ, children, asked_by, asked_at, addressee, lead, responsible_person,
    handler, assigned_by, co, received, start, counted, rule, due, sheet_prepared,
    sheet_received, urged, rungs, notice_prepared, notices_waiting, notice_received,
    escalated, sent_back, closed_at)
select md5('matter ' || n)::uuid,
    case when a < 60 then 'gov' when a < 68 then 'npc' else 'organ-' || b % 30 end,
    case when n % {CLOSED + 1} = 0 then 'closed'
         when c < 6 then 'opened' when c < 20 then 'assigned' when c < 80 then 'in_progress'
         when c < 92 then 'feedback' else 'completed' end,
    case when d < 80 then 'green' when d < 92 then 'yellow' else 'red' end,
    '云政督〔' || 2023 + b % 3 || '〕' || n || '号',
    '关于切实做好水库安全隐患排查整治工作的督办事项之' || n,
    '请于五个工作日内逐库排查，列出隐患清单，明确责任人和整改时限，按时报送。',
    'instruction', '云政办收〔' || 2023 + b % 3 || '〕' || n || '号',
    case when d % 25 = 0 then case when a < 60 then 'npc' else 'gov' end end,
    '{{}}', case b when 1 then 'chen.jianguo' when 2 then 'zhou.zhiyuan'
                  else 'leader-' || b end,
    asked, case b % 50 when 3 then 'chen.jianguo' else 'leader-' || (b + 7) % 200 end,
    case when b < 4 then 'water' else 'unit-' || b end, 'person-' || b, 'person-' || b + 1,
    'sun.li', case d % 3 when 0 then array['unit-' || (b + 1) % 200, 'unit-' || (b + 2) % 200]
              else '{{}}' end,
    array['unit-' || b], asked::date,
    array[asked::date + 1, asked::date + 2, asked::date + 3, asked::date + 4, asked::date + 5],
    'plan', asked + interval '5 days' + b * interval '1 hour',
    false, false, 0, '[]', false, 0, false, 0, 0,
    case when n % {CLOSED + 1} = 0 then asked + interval '4 days' end
from generate_series($1::integer + 1, $2::integer) n
cross join lateral (select hashint8(n) & 65535 as h, hashint8(n + 1000000000) & 65535 as i) r
cross join lateral (select h % 100 as a, i % 200 as b, h / 100 % 100 as c, i / 200 % 100 as d,
    timestamptz '2023-01-02 09:00+08' + (h * 65536::bigint + i) % 1000 * interval '1 day'
    + i * interval '1 second' as asked) s
"""  # noqa: S608 a schema of ours

INDEXES = """
select indexname, indexdef from pg_indexes where schemaname = $1 and indexname <> 'matter_pkey'
"""


async def make_table(engine: AsyncEngine) -> None:
    """Make the read model's tables as their projection does."""
    async with within(engine, MATTERS.schema) as connection:
        await connection.execute(text(f'create schema if not exists "{MATTERS.schema}"'))
        await connection.run_sync(metadata.create_all)


async def fill(
    owner: "asyncpg.Connection[asyncpg.Record]", before: int, open_matters: int
) -> None:
    """Let there be *open_matters*, where there were *before*; the statistics are new."""
    first, last = (count + count // CLOSED for count in (before, open_matters))
    async with owner.transaction():
        indexes = await owner.fetch(INDEXES, MATTERS.schema)
        for index in indexes:  # many rows go in faster without
            await owner.execute(f'drop index "{MATTERS.schema}"."{index["indexname"]}"')
        for n in range(first, last, A_STATEMENT):
            await owner.execute(FILL, n, min(n + A_STATEMENT, last))
        for index in indexes:
            await owner.execute(index["indexdef"])
    await owner.execute(f"vacuum analyze {TABLE}")
