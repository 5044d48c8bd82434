-- Up Migration

-- Grows with each transaction that writes what follows, in the order of their commits: whoever writes holds this row, and
-- consumers follow the number. One row.
create table continuity_progress (
  only_row boolean primary key default true check (only_row),
  changed bigint not null default 0
);
insert into continuity_progress default values;

-- How switches stood from when on: told by events and readings of their devices, or by the crew that turned them.
create type operation_source as enum ('event', 'reading', 'person');
create table switch_operation (
  switch_id text not null,
  at timestamptz not null,
  -- Phases that are closed from then on; empty: open.
  closed text not null check (closed ~ '^A?B?C?$'),
  source operation_source not null,
  -- Event id, or the number of the person's entry: the same told twice is the same.
  reference text not null,
  cause text,
  primary key (switch_id, at, source, reference)
);
create index switch_operation_at on switch_operation (at);

-- What was announced: work on an element in a window of which consumers were warned.
create table planned_interruption (
  planned_id integer primary key generated always as identity,
  element_kind text not null check (element_kind in ('source', 'switch', 'section', 'transformer', 'unit')),
  element_id text not null,
  announced_from timestamptz not null,
  announced_until timestamptz not null check (announced_until > announced_from),
  -- When consumers were warned, and how.
  warned_at timestamptz,
  notice text,
  cause text not null,
  entered_by text not null,
  entered_at timestamptz not null,
  cancelled_at timestamptz
);

-- An interruption: units that lost supply at the same instant through the same element, and got it back together. Those of one
-- root (stepwise restoration, follow-up switching) have the same event.
create table interruption (
  interruption_id bigint primary key generated always as identity,
  event_id bigint not null,
  element_kind text not null check (element_kind in ('source', 'switch', 'section', 'transformer', 'unit')),
  element_id text not null,
  feeder_id text,
  substation_id text,
  started_at timestamptz not null,
  -- Null: it lasts.
  ended_at timestamptz check (ended_at > started_at),
  units integer not null check (units >= 0),
  -- Cause as in domain/causes.ts; null: nobody has said yet.
  cause text,
  origin text not null default 'internal' check (origin in ('internal', 'external')),
  programmed boolean not null default false,
  planned_id integer references planned_interruption,
  announced_from timestamptz,
  announced_until timestamptz,
  evidence jsonb not null,
  -- Nothing of it is left: what was known of it turned out otherwise.
  void boolean not null default false,
  changed bigint not null
);
create index interruption_changed on interruption (changed);
create index interruption_open on interruption (started_at) where ended_at is null and not void;
create index interruption_started on interruption (started_at);
create index interruption_event on interruption (event_id);

-- When a unit was without supply, piece by piece: pieces of one unit do not overlap. A function of the evidence: computed again
-- when more of it comes.
create table unit_interruption (
  started_at timestamptz not null,
  ended_at timestamptz,
  interruption_id bigint not null,
  changed bigint not null,
  unit_id text not null,
  phases text not null,
  primary key (unit_id, started_at)
) partition by range (started_at);
create index unit_interruption_interruption on unit_interruption (interruption_id);
create index unit_interruption_changed on unit_interruption (changed);
create index unit_interruption_open on unit_interruption (unit_id) where ended_at is null;
insert into partition_plan (parent, width, keep_at_least) values ('unit_interruption', 'month', '5 years');

insert into readable_table (name) values
  ('switch_operation'), ('planned_interruption'), ('interruption'), ('unit_interruption');
