-- One key for each person that stored events speak of. Erasing the row erases the data.
create table subject_key (
    subject    uuid primary key,
    key        bytea not null check (octet_length(key) = 32),
    created_at timestamptz not null default now()
);
create table subject_erased (
    subject   uuid primary key,
    erased_at timestamptz not null default now()
);
grant select, insert, delete on subject_key, subject_erased to {app};
