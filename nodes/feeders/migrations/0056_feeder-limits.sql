-- Up Migration

-- What persons let a feeder carry, beside what the registry says: for a time, by the week, or until it is taken back. Rows are
-- added and nothing else.
create table feeder_limit (
  limit_id bigint primary key generated always as identity,
  feeder_id text not null,
  -- Of amperes `total` means each of the three phases.
  line text not null check (line in ('total', 'A', 'B', 'C')),
  direction text not null check (direction in ('import', 'export')),
  value double precision not null check (value >= 0),
  unit text not null check (unit in ('kw', 'kva', 'a')),
  -- From when on and before when, by the platform's clock; without end: until it is taken back.
  validity tstzrange not null check (not isempty(validity) and not lower_inf(validity)),
  -- Within its validity it is in force in these windows of the week only; null: always. The days begin them, 1 Monday to
  -- 7 Sunday; `24:00` ends a day, and what ends before it begins ends the day after.
  days smallint[] check (cardinality(days) between 1 and 7 and 1 <= all (days) and 7 >= all (days)),
  from_time text check (from_time ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  until_time text check (until_time ~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$' and until_time <> from_time),
  -- IANA; null: that of the installation.
  time_zone text,
  reason text not null,
  set_by text not null,
  -- By the wall's clock: it is about persons.
  set_at timestamptz not null,
  check ((days is null) = (from_time is null) and (days is null) = (until_time is null)),
  check (days is not null or time_zone is null)
);
create index feeder_limit_feeder on feeder_limit (feeder_id);
create trigger append_only before update or delete on feeder_limit
  for each row execute function refuse_change();

create table feeder_limit_removal (
  limit_id bigint primary key references feeder_limit,
  reason text,
  removed_by text not null,
  -- By the wall's clock.
  removed_at timestamptz not null
);
create trigger append_only before update or delete on feeder_limit_removal
  for each row execute function refuse_change();

insert into withheld_right (table_name, privilege) values
  ('feeder_limit', 'update'), ('feeder_limit', 'delete'), ('feeder_limit_removal', 'update'), ('feeder_limit_removal', 'delete');
select audit_table('feeder_limit', 'feeder-limits', 'set_by');
select audit_table('feeder_limit_removal', 'feeder-limits', 'removed_by');

-- For reports: without who set it.
create view feeder_limit_report as
  select limit_id, feeder_id, line, direction, value, unit, lower(validity) as valid_from, upper(validity) as valid_until,
    days, from_time, until_time, time_zone
  from feeder_limit l where not exists (select from feeder_limit_removal r where r.limit_id = l.limit_id);
insert into readable_table (name) values ('feeder_limit_report');

-- What forecasts of a feeder's base load go by: its newest value, what the last ones were wrong by, and its highest and lowest of
-- a day. Written by the rounds of the control loop, and rebuilt within a day where it is lost. The feeder is not called
-- `feeder_id`: what is kept here is no reason to keep a feeder in the registry.
create table feeder_forecast (
  forecast_of text primary key,
  measured_at timestamptz not null,
  state jsonb not null
) with (fillfactor = 50);
