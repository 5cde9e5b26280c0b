-- Which producer of a name is the last one: an earlier one publishes nothing any more.
create table log.fence (
    name  text primary key,
    epoch bigint not null
);
grant select, insert, update, delete on log.fence to {app};
