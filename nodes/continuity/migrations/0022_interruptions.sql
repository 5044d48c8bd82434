-- Up Migration

-- Grows with each transaction that writes what follows, in the order of their commits: whoever writes holds this row, and
-- consumers follow the number. One row.
create table continuity_progress (
  only_row boolean primary key default true check (only_row),
  changed bigint not null default 0
);
insert into continuity_progress default values;

-- The log of these transactions: what consumers follow. Also of decisions about interruptions, which change no unit's times.
create table continuity_change (
  changed bigint primary key,
  interruptions integer not null,
  units integer not null,
  -- By the platform's clock, when the commit was about to be made.
  committed_at timestamptz not null
);

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

-- When a section was without supply by the model, as far as operations are known: a function of them and of the network.
create table section_outage (
  section_id text not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  phases text not null,
  -- Which switch took the supply, and when; the first one of the event that this is a part of.
  element_id text not null,
  taken_at timestamptz not null,
  root_id text not null,
  root_at timestamptz not null,
  primary key (section_id, started_at, phases)
);
create index section_outage_ended on section_outage (ended_at);
create index section_outage_taken on section_outage (element_id, taken_at);
create index section_outage_root on section_outage (root_id, root_at);

-- Outages that persons know of: of an element, or of single units. `until` null: they have not said yet.
create table entered_outage (
  entry_id bigint primary key generated always as identity,
  element_kind text not null check (element_kind in ('source', 'switch', 'section', 'transformer', 'unit')),
  element_id text not null,
  -- Those that it is of, as the network was then.
  unit_ids text[] not null check (cardinality(unit_ids) > 0),
  started_at timestamptz not null,
  ended_at timestamptz check (ended_at > started_at),
  cause text
);
create index entered_outage_ended on entered_outage (ended_at);

-- What two persons decided of the times of units, against all evidence: with supply, or without.
create table supply_correction (
  correction_id bigint primary key generated always as identity,
  approval_id bigint not null,
  interruption_id bigint not null,
  unit_ids text[] not null check (cardinality(unit_ids) > 0),
  started_at timestamptz not null,
  -- Null: from then on.
  ended_at timestamptz check (ended_at > started_at),
  supplied boolean not null
);
create index supply_correction_ended on supply_correction (ended_at);

-- Who did what about interruptions, and when: as it was before and after. Rows are added and nothing else.
create table interruption_audit (
  audit_id bigint primary key generated always as identity,
  at timestamptz not null,
  username text not null,
  -- As interruptions/audit-repository.ts names them.
  act text not null,
  interruption_id bigint,
  -- Number of the entry, plan or hint; name and instant of an operation.
  subject text not null,
  before jsonb,
  after jsonb not null,
  evidence text,
  approval_id bigint
);
create index interruption_audit_interruption on interruption_audit (interruption_id);
create index interruption_audit_subject on interruption_audit (subject);
create trigger append_only before update or delete on interruption_audit
  for each row execute function refuse_change();
insert into withheld_right (table_name, privilege) values ('interruption_audit', 'update'), ('interruption_audit', 'delete');

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
  -- What it is known by: its evidence is a switch's operation or a person's word, or meters alone.
  basis text not null check (basis in ('model', 'person', 'meter')),
  -- When the element was lost: with its name it tells one interruption from another.
  taken_at timestamptz not null,
  -- First loss of the event, where this is no event by itself.
  root text,
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
create index interruption_root on interruption (root);
create index interruption_element on interruption (element_id, taken_at);
create index interruption_planned on interruption (planned_id) where planned_id is not null;

-- What persons said of an interruption, where they said something: it outlives that the interruption is computed again.
create table interruption_fact (
  interruption_id bigint primary key references interruption,
  -- As in domain/causes.ts.
  cause text,
  origin text check (origin in ('internal', 'external')),
  programmed boolean,
  said_by text not null,
  said_at timestamptz not null
);

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
-- What is written together stands together: so small an index costs nothing when 100,000 units are written at once.
create index unit_interruption_changed on unit_interruption using brin (changed) with (pages_per_range = 16, autosummarize = on);
insert into partition_plan (parent, width, keep_at_least) values ('unit_interruption', 'month', '5 years');

-- What units' times were before a transaction took of them: what is there now does not tell it any more.
create table unit_interruption_withdrawn (
  changed bigint not null,
  unit_id text not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  primary key (changed, unit_id, started_at)
);

-- What evidence leaves to a person to judge: nothing follows from it before somebody has confirmed it.
create table supply_hint (
  hint_id bigint primary key generated always as identity,
  kind text not null check (kind in ('silent', 'restored_without_loss', 'not_heard_since')),
  unit_id text not null,
  device_key integer not null,
  at timestamptz not null,
  noticed_at timestamptz not null,
  status text not null default 'open' check (status in ('open', 'confirmed', 'dismissed')),
  decided_by text,
  decided_at timestamptz,
  note text,
  unique (kind, unit_id, at)
);
create index supply_hint_open on supply_hint (at) where status = 'open';

-- Whose a meter's events are follows from its assignments: what changes of these is computed again, too.
create trigger assignment_changed_insert after insert on meter_assignment referencing new table as now_there
  for each statement execute function note_network_change('unit', 'unit_id');
create trigger assignment_changed_delete after delete on meter_assignment referencing old table as was_there
  for each statement execute function note_network_change('unit', 'unit_id');
create trigger assignment_changed_update after update on meter_assignment
  referencing old table as was_there new table as now_there
  for each statement execute function note_network_change('unit', 'unit_id');

insert into readable_table (name) values
  ('continuity_change'), ('section_outage'), ('switch_operation'), ('planned_interruption'), ('interruption'), ('unit_interruption');
