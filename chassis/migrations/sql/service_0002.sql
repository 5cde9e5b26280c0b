-- What a service knows of the directory: the last message about each of its entries, null
-- where that said that there is nothing any more.
create schema directory;
create table directory.entry (
    place    text not null,
    item_id  uuid not null,
    kind     text not null,
    sequence bigint not null,
    message  bytea,
    primary key (place, item_id)
);
-- Raised with every change, in its transaction: who reads the same number knows the same.
create table directory.revision (
    only_row boolean primary key default true check (only_row),
    revision bigint not null default 0
);
insert into directory.revision default values;
grant usage on schema directory to {app};
grant select, insert, update, delete on directory.entry to {app};
grant select, update on directory.revision to {app};
