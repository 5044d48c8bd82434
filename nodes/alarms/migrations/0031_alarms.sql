-- Up Migration

-- Grows with each transaction that changes alarms, in the order of their commits: whoever writes holds this row, and consumers
-- follow the number. One row. A consumer at 0 has not begun: the first transaction is 2.
create table alarm_progress (
  only_row boolean primary key default true check (only_row),
  changed bigint not null default 1
);
insert into alarm_progress default values;

-- The log of these transactions: what consumers follow.
create table alarm_change (
  changed bigint primary key,
  transitions integer not null,
  -- By the platform's clock, when the commit was about to be made.
  committed_at timestamptz not null
);

create type alarm_priority as enum ('low', 'medium', 'high', 'critical');

-- An alarm as it stands: one for each condition that was ever said. Flags as in domain/alarm.ts.
create table alarm (
  alarm_id bigint primary key generated always as identity,
  -- area/kind/subject, as conditions are told apart.
  key text not null unique,
  area text not null,
  kind text not null,
  subject text not null,
  feeder_id text,
  unit_id text,
  device_id text,
  -- The condition as it was last said, before the delays.
  said_active boolean not null,
  said_at timestamptz not null,
  said_priority alarm_priority not null,
  active boolean not null,
  acknowledged boolean not null,
  latched boolean not null,
  shelved_since timestamptz,
  shelved_until timestamptz,
  suppressed_by text,
  root_alarm_id bigint references alarm,
  out_of_service boolean not null,
  priority alarm_priority not null,
  occurrence integer not null,
  active_since timestamptz,
  annunciated_at timestamptz,
  acknowledged_at timestamptz,
  escalated smallint not null,
  changed_at timestamptz,
  -- A function of the flags: the letter of ISA-18.2.
  state "char" not null check (state in ('A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I')),
  -- What the condition said with it.
  value double precision,
  limit_value double precision,
  value_unit text,
  text jsonb not null,
  evidence jsonb,
  -- When time alone next changes something.
  due_at timestamptz,
  -- The transaction that last wrote it.
  changed bigint not null
);
create index alarm_due on alarm (due_at) where due_at is not null;
create index alarm_standing on alarm (priority desc, changed_at desc, alarm_id desc) where state <> 'A';
create index alarm_feeder on alarm (feeder_id) where state <> 'A';
create index alarm_root on alarm (root_alarm_id) where root_alarm_id is not null;
create index alarm_changed on alarm (changed);

-- Each time that attention was asked for, or would have been if the alarm had not been hidden.
create table alarm_occurrence (
  alarm_id bigint not null references alarm,
  occurrence integer not null,
  why text not null check (why in ('activated', 're-alarmed', 'raised', 'unshelved', 'shelving-ended', 'unsuppressed',
    'unexplained', 'returned-to-service')),
  -- Since when the condition held.
  began_at timestamptz not null,
  at timestamptz not null,
  -- Whether an operator was told: it was not hidden.
  annunciated boolean not null,
  priority alarm_priority not null,
  root_alarm_id bigint,
  value double precision,
  limit_value double precision,
  text jsonb not null,
  returned_at timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by text,
  primary key (alarm_id, occurrence)
);
create index alarm_occurrence_at on alarm_occurrence (at);

-- Every step in the life of every alarm. Rows are added, and go with their month (ALARM_HISTORY_DAYS), and nothing else.
create table alarm_transition (
  changed bigint not null,
  -- Within the transaction.
  ordinal integer not null,
  -- That of its transaction in the log.
  recorded_at timestamptz not null,
  alarm_id bigint not null,
  occurrence integer not null,
  at timestamptz not null,
  kind text not null,
  from_state "char" not null,
  to_state "char" not null,
  priority alarm_priority not null,
  root_alarm_id bigint,
  -- Who did it; null: the condition or time. `node <name>` is logic of a flow.
  username text,
  -- Why, or the comment.
  reason text,
  primary key (recorded_at, changed, ordinal)
) partition by range (recorded_at);
create index alarm_transition_alarm on alarm_transition (alarm_id, recorded_at);
create index alarm_transition_changed on alarm_transition (changed);
create trigger append_only before update or delete on alarm_transition
  for each row execute function refuse_change();
insert into partition_plan (parent, width) values ('alarm_transition', 'month');
insert into withheld_right (table_name, privilege) values ('alarm_transition', 'update'), ('alarm_transition', 'delete');

-- For reports: without who did it, and without what persons wrote.
create view alarm_occurrence_report as
  select alarm_id, occurrence, why, began_at, at, annunciated, priority, root_alarm_id, value, limit_value, text, returned_at,
    acknowledged_at
  from alarm_occurrence;
create view alarm_transition_report as
  select changed, ordinal, recorded_at, alarm_id, occurrence, at, kind, from_state, to_state, priority, root_alarm_id
  from alarm_transition;

insert into readable_table (name) values ('alarm'), ('alarm_occurrence_report'), ('alarm_transition_report');
