-- Alerts, and a mailbox for each person: the rows are the only truth, streams only show them.
create schema notifier;
create table notifier.alert (
    alert_id       uuid primary key,
    rule           text not null,
    kind           text not null,
    severity       text not null,
    entity_type    text not null,
    entity_id      uuid not null,
    entity_number  text,
    args           jsonb not null,
    occurred_at    timestamptz not null,
    created_at     timestamptz not null,
    deadline_at    timestamptz,
    event_id       text not null,
    event_type     text not null,
    topic          text not null,
    correlation_id uuid
);
create table notifier.head (
    subscriber text primary key,
    head       bigint not null
);
create table notifier.mailbox (
    subscriber   text not null,
    sequence     bigint not null,
    alert_id     uuid not null references notifier.alert,
    on_behalf_of text not null default '',
    primary key (subscriber, sequence),
    unique (subscriber, alert_id, on_behalf_of)
);
create index mailbox_by_alert on notifier.mailbox (alert_id);
-- What the rules and the digest need to know of a matter, from its public events.
create table notifier.matter (
    matter_id          uuid primary key,
    organ              text not null,
    number             text,
    lead               text,
    co                 text[] not null default '{{}}',
    responsible_person text,
    handler            text,
    asked_by           text not null,
    asked_at           timestamptz not null,
    addressee          text,
    due                timestamptz not null,
    outside_due        timestamptz,
    feedback           boolean not null default false,
    completed          boolean not null default false,
    closed             boolean not null default false
);
create index matter_asked on notifier.matter (asked_by) where not closed;
create index matter_addressed on notifier.matter (addressee) where not closed;
grant usage on schema notifier to {app};
grant select, insert, update, delete on all tables in schema notifier to {app};
