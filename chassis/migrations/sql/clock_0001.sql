-- The demo's virtual clock: the one row that every process reads.
create table clock (
    only_row  boolean primary key default true check (only_row),
    virtual   timestamptz not null,
    real      timestamptz not null default clock_timestamp(),
    running   boolean not null default false
);
grant select, insert, update on clock to {app};
