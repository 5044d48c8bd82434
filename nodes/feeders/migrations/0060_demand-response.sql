-- Up Migration

create type demand_mode as enum ('limit', 'shed', 'price');
create type demand_direction as enum ('import', 'export');

-- What is agreed on with those who give way: how, when, for how much. Of a program that is changed the audit has what it was.
create table dr_program (
  program_id bigint primary key generated always as identity,
  name text not null check (name <> ''),
  mode demand_mode not null,
  -- Null: each root feeder by itself.
  feeder_id text references feeder,
  -- When it calls by itself: on these days, between these minutes of the civil day (an end before its beginning is of the next
  -- day). All null: only events call on it.
  days text[] check (cardinality(days) between 1 and 7 and days <@ array['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']),
  from_minute smallint check (from_minute between 0 and 1439),
  until_minute smallint check (until_minute between 1 and 1440 and until_minute <> from_minute),
  check ((days is null) = (from_minute is null) and (days is null) = (until_minute is null)),
  time_zone text not null,
  -- First and last civil day on which it calls by itself; null: without bound.
  valid_from date,
  valid_until date check (valid_until >= valid_from),
  limit_kw double precision check (limit_kw >= 0),
  direction demand_direction not null default 'import',
  target_shed_kw double precision check (target_shed_kw >= 0),
  price_brl_kwh double precision check (price_brl_kwh >= 0),
  -- By how much per cent what is wanted changes where the price is one per cent higher.
  elasticity double precision not null default 0 check (elasticity between -10 and 0),
  incentive_brl_kwh numeric(12, 6) not null default 0 check (incentive_brl_kwh >= 0),
  penalty_brl_kwh numeric(12, 6) not null default 0 check (penalty_brl_kwh >= 0),
  -- Whether all that is steered below its feeder gives way, or only who is enrolled.
  enrolled_only boolean not null default false,
  snapback_minutes smallint not null check (snapback_minutes between 0 and 240),
  active boolean not null,
  -- Who it comes from, and how it is called there.
  source text not null,
  external_id text,
  request_hash text not null,
  changed_by text not null,
  -- By the platform's clock: from here on it is what it is.
  changed_at timestamptz not null,
  -- How often it was changed.
  version integer not null default 1,
  unique (source, external_id)
);

-- A span in which a feeder has to give way; a program's window becomes one when it begins.
create table dr_event (
  event_id bigint primary key generated always as identity,
  program_id bigint references dr_program,
  -- What whoever called for it calls it.
  type text not null,
  -- Null: each root feeder by itself.
  feeder_id text references feeder,
  mode demand_mode not null,
  limit_kw double precision check (limit_kw >= 0 and (limit_kw is not null) = (mode = 'limit')),
  direction demand_direction not null default 'import',
  target_shed_kw double precision check (target_shed_kw >= 0 and (target_shed_kw is not null or mode <> 'shed')),
  price_brl_kwh double precision check (price_brl_kwh >= 0 and (price_brl_kwh is not null) = (mode = 'price')),
  elasticity double precision not null default 0 check (elasticity between -10 and 0),
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  snapback_minutes smallint not null check (snapback_minutes between 0 and 240),
  -- What its program paid when it was entered, and which version of it; null: it has none.
  incentive_brl_kwh numeric(12, 6),
  penalty_brl_kwh numeric(12, 6),
  program_version integer,
  terms_since timestamptz,
  check (num_nulls(program_id, incentive_brl_kwh, penalty_brl_kwh, program_version, terms_since) in (0, 5)),
  -- By the platform's clock. It is over from here on; before its beginning: it never was.
  cancelled_at timestamptz,
  cancelled_by text,
  check ((cancelled_at is null) = (cancelled_by is null)),
  cancel_reason text,
  -- Who it comes from, and how it is called there: the same is entered once.
  source text not null,
  external_id text,
  request_hash text not null,
  entered_by text not null,
  -- By the platform's clock.
  entered_at timestamptz not null,
  changed_by text not null,
  unique (source, external_id)
);
create index dr_event_ends on dr_event (ends_at);
create index dr_event_starts on dr_event (starts_at desc, event_id);
create index dr_event_program on dr_event (program_id);

-- Who takes part in what, and who does not: a device, or what is steered at a unit.
create table dr_participation (
  participation_id bigint primary key generated always as identity,
  kind text not null check (kind in ('enrolled', 'opted_out')),
  -- Null: of an opt-out, every event and program.
  program_id bigint references dr_program,
  check (kind = 'opted_out' or program_id is not null),
  device_id text,
  unit_id text references consumer_unit,
  check ((device_id is null) <> (unit_id is null)),
  starts_at timestamptz not null,
  -- Null: until somebody ends it.
  ends_at timestamptz check (ends_at >= starts_at),
  entered_by text not null,
  entered_at timestamptz not null,
  changed_by text not null
);
create index dr_participation_ends on dr_participation (ends_at);

-- What came of an event on one feeder: computed when it is over, and once more when readings that were late have come.
create table dr_result (
  event_id bigint not null references dr_event,
  feeder_id text not null,
  -- By the platform's clock.
  computed_at timestamptz not null,
  is_final boolean not null,
  -- What it was measured at: the meter at the feeder's head, or all devices that are steered below it.
  basis text not null check (basis in ('head', 'devices')),
  -- Null with a reason: what nobody can say.
  baseline_kwh double precision,
  actual_kwh double precision,
  delivered_kwh double precision,
  committed_kwh double precision,
  -- Share of the minutes of the event that were measured.
  coverage double precision not null check (coverage between 0 and 1),
  reason text,
  -- Days, adjustment, and each part of it, as it was computed.
  detail jsonb not null,
  money jsonb,
  primary key (event_id, feeder_id)
);

-- What each device took and gave up in an event.
create table dr_utilisation (
  -- Beginning of the event.
  at timestamptz not null,
  event_id bigint not null,
  device_id text not null,
  used_kwh double precision not null,
  -- Null: there is no baseline of it.
  baseline_kwh double precision,
  shed_kwh double precision,
  primary key (at, event_id, device_id)
) partition by range (at);
create index dr_utilisation_event on dr_utilisation (event_id, device_id);
create index dr_utilisation_device on dr_utilisation (device_id, at);
insert into partition_plan (parent, width, keep_at_least) values ('dr_utilisation', 'month', '6 months');

-- What was said on the wires of an event, and what is left to do for it.
create table dr_event_progress (
  event_id bigint primary key references dr_event,
  begun_told boolean not null default false,
  ended_told boolean not null default false,
  -- Results: 0 none, 1 once, 2 for good.
  results smallint not null default 0 check (results between 0 and 2),
  results_told smallint not null default 0 check (results_told between 0 and results),
  is_open boolean not null generated always as (not (begun_told and ended_told and results = 2 and results_told = 2)) stored
);
create index dr_event_progress_open on dr_event_progress (event_id) where is_open;
create function begin_event_progress() returns trigger language plpgsql as $$
begin
  insert into dr_event_progress (event_id) values (new.event_id);
  return null;
end $$;
create trigger begin_progress after insert on dr_event for each row execute function begin_event_progress();

insert into withheld_right (table_name, privilege) values ('dr_event', 'delete'), ('dr_participation', 'delete');
select audit_table('dr_program', 'demand-response', 'changed_by', '{}', '{insert,update,delete}');
select audit_table('dr_event', 'demand-response', 'changed_by', '{}', '{insert,update}');
select audit_table('dr_participation', 'demand-response', 'changed_by', '{}', '{insert,update}');

-- For reports: without who did what.
create view dr_event_report as
  select event_id, program_id, type, feeder_id, mode, limit_kw, direction, target_shed_kw, price_brl_kwh, starts_at,
    coalesce(least(ends_at, cancelled_at), ends_at) as ends_at, cancelled_at is not null as is_cancelled
  from dr_event;
create view dr_program_report as
  select program_id, name, mode, feeder_id, days, from_minute, until_minute, time_zone, limit_kw, target_shed_kw, price_brl_kwh,
    elasticity, incentive_brl_kwh, penalty_brl_kwh, active from dr_program;
insert into readable_table (name) values ('dr_event_report'), ('dr_program_report'), ('dr_result');
