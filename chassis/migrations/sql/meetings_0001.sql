-- What meetings needs to know of supervised matters, from their public events: by which number
-- an item may name the matter that prompted it, and which story it then goes on in.
create schema meetings;
create table meetings.matter (
    matter_id      uuid primary key,
    number         text not null,
    correlation_id uuid not null,
    last_event_id  uuid not null
);
create index matter_by_number on meetings.matter (number);
grant usage on schema meetings to {app};
grant select, insert, update, delete on all tables in schema meetings to {app};
