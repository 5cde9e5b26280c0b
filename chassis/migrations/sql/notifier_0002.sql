-- Streams with acknowledgements: who is open where, and how far each device has come.
alter table notifier.mailbox
    add column state text not null default 'firing'
    check (state in ('firing', 'updated', 'resolved'));
create index alert_by_entity on notifier.alert (entity_id);
-- Machine time: how long an alert is kept does not depend on what the office's clock says.
alter table notifier.alert add column recorded_at timestamptz not null default now();
create index alert_by_age on notifier.alert (recorded_at);
create sequence notifier.token;
-- One row for each installation. The token rises with every stream it opens: whatever an older
-- stream writes is written under an older token, and has no effect.
create table notifier.device (
    subscriber     text not null,
    device         text not null,
    token          bigint not null,
    session_id     uuid not null,
    node           text not null,
    client_version text not null,
    opened_at      timestamptz not null default now(),
    closed_at      timestamptz,
    primary key (subscriber, device)
);
-- How far what is acknowledged reaches: for a device, or, under '', for all that share it.
create table notifier.place (
    subscriber text not null,
    device     text not null,
    epoch      text not null,
    acked      bigint not null,
    primary key (subscriber, device)
);
-- What stands beyond a place: sent and not acknowledged, settled out of order, or given up.
create table notifier.delivery (
    subscriber text not null,
    device     text not null,
    sequence   bigint not null,
    attempt    integer not null,
    state      text not null check (state in ('sent', 'settled', 'parked')),
    reason     text not null default '',
    at         timestamptz not null default now(),
    primary key (subscriber, device, sequence)
);
create index delivery_parked on notifier.delivery (subscriber) where state = 'parked';
grant select, insert, update, delete on notifier.device, notifier.place, notifier.delivery
    to {app};
grant usage on sequence notifier.token to {app};
