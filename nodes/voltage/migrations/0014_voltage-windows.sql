-- Up Migration

create type voltage_band as enum ('adequate', 'precarious', 'critical');
create type invalid_window as enum ('interruption', 'vtcd', 'coverage');

-- Ten minutes of one meter, from `at` on. A function of the stored readings and events: computed again when more of them come.
-- The key begins with the time: all meters' windows of ten minutes are written side by side, and read so when they leave the
-- week. The windows of one meter are found by naming their beginnings.
create table voltage_window (
  at timestamptz not null,
  -- `voltage_progress.changed` of the transaction that wrote it: consumers follow it.
  changed bigint not null,
  va_v double precision,
  vb_v double precision,
  vc_v double precision,
  -- Share of the ten minutes that readings cover, of the phase with least.
  coverage real not null,
  device_key integer not null,
  band_a voltage_band,
  band_b voltage_band,
  band_c voltage_band,
  invalid_reason invalid_window,
  evidence jsonb,
  primary key (at, device_key)
) partition by range (at);
create index voltage_window_changed on voltage_window (changed);

-- How far windows have been closed. Whoever writes windows holds this row. One row.
create table voltage_progress (
  only_row boolean primary key default true check (only_row),
  -- Windows that end by then have been computed.
  closed_until timestamptz not null,
  -- Those up to here are being computed, of all meters up to this one: whatever comes later for them is computed again.
  closing_until timestamptz not null,
  closing_after integer not null default 0,
  -- Grows with each transaction that writes windows, in the order of their commits.
  changed bigint not null default 0
);

-- Windows to compute again, by meter and day (UTC): from the one that `from_at` is of to the one that ends at or after `until_at`.
create table voltage_recomputation (
  day timestamptz not null,
  device_key integer not null,
  from_at timestamptz not null,
  until_at timestamptz not null,
  -- Newest commit that asked for it; null: the registry did.
  batch_id bigint,
  primary key (day, device_key)
);

-- What became of a window after it was closed, and why: `batch_id` is the newest commit that brought readings or events for it
-- late; without one it was closed again, after the clock went back, or the registry was changed.
create table voltage_correction (
  at timestamptz not null,
  corrected_at timestamptz not null,
  -- Of the transaction that wrote the window.
  changed bigint not null,
  batch_id bigint,
  device_key integer not null,
  -- Null: there was none.
  before jsonb,
  after jsonb not null
) partition by range (at);
create index voltage_correction_window on voltage_correction (device_key, at);

-- The seven days before `until` of each meter: valid windows, and those of them in the precarious and critical band by phase.
-- What comes is added and what leaves subtracted, in the transaction that writes the windows.
create table voltage_week (
  device_key integer primary key,
  until timestamptz not null,
  valid smallint not null,
  precarious_a smallint not null,
  precarious_b smallint not null,
  precarious_c smallint not null,
  critical_a smallint not null,
  critical_b smallint not null,
  critical_c smallint not null
) with (fillfactor = 70);

-- The rolling week subtracts what leaves it.
insert into partition_plan (parent, width, keep_at_least) values
  ('voltage_window', 'day', '8 days'), ('voltage_correction', 'month', '8 days');

insert into readable_table (name) values ('voltage_window'), ('voltage_week'), ('voltage_correction');

-- What the registry says of a meter is part of what windows are made of. Where an assignment changes, its time is computed again,
-- as far as windows are usually kept; where voltages or phases do, which have no time of their own, the rolling week.
create function recompute_voltage(meters integer[], since timestamptz[], upto timestamptz[]) returns void language sql as $$
  insert into voltage_recomputation as r (day, device_key, from_at, until_at)
  select day, device_key, greatest(min(from_at), day), least(max(until_at), day + interval '1 day')
  from (
    select * from (
      select device_key, greatest(from_at, closed_until - interval '45 days') as from_at, least(until_at, closed_until) as until_at
      from unnest(meters, since, upto) as asked (device_key, from_at, until_at) cross join voltage_progress
    ) closed
    -- Of a meter that nobody knew no window could be made, so that its readings alone tell. A network that is imported has none:
    -- that is found out once a meter, and then day by day.
    where from_at < until_at and exists (select from meter_reading m
      where m.device_key = closed.device_key and at > from_at and at < until_at + interval '10 minutes')
    offset 0
  ) measured
  cross join generate_series(date_trunc('day', from_at, 'UTC'), until_at, interval '1 day') as day
  where day < until_at and exists (select from meter_reading m
    where m.device_key = measured.device_key and at > day and at < day + interval '1 day 10 minutes')
  group by day, device_key
  on conflict (day, device_key) do update set from_at = least(r.from_at, excluded.from_at),
    until_at = greatest(r.until_at, excluded.until_at)
$$;

create function recompute_assigned_voltage() returns trigger language plpgsql as $$
begin
  perform recompute_voltage(array_agg(device_key), array_agg(coalesce(lower(validity), '-infinity')),
    array_agg(coalesce(upper(validity), 'infinity'))) from changed;
  return null;
end $$;
create trigger voltage_recomputed_insert after insert on meter_assignment
  referencing new table as changed for each statement execute function recompute_assigned_voltage();
create trigger voltage_recomputed_delete after delete on meter_assignment
  referencing old table as changed for each statement execute function recompute_assigned_voltage();
create trigger voltage_recomputed_before after update on meter_assignment
  referencing old table as changed for each statement execute function recompute_assigned_voltage();
create trigger voltage_recomputed_after after update on meter_assignment
  referencing new table as changed for each statement execute function recompute_assigned_voltage();

create function recompute_unit_voltage() returns trigger language plpgsql as $$
begin
  perform recompute_voltage(array_agg(device_key), array_agg(greatest(closed_until - interval '7 days', lower(validity))),
      array_agg(coalesce(upper(validity), 'infinity')))
    from now_there n join was_there w using (unit_id) join meter_assignment using (unit_id) cross join voltage_progress
    where (n.nominal_voltage_v, n.contracted_voltage_v, n.measured_between, n.phases) is distinct from
        (w.nominal_voltage_v, w.contracted_voltage_v, w.measured_between, w.phases)
      and validity && tstzrange(closed_until - interval '7 days', closed_until);
  return null;
end $$;
create trigger voltage_recomputed after update on consumer_unit
  referencing old table as was_there new table as now_there for each statement execute function recompute_unit_voltage();

create function recompute_device_voltage() returns trigger language plpgsql as $$
begin
  perform recompute_voltage(array_agg(device_key), array_agg(closed_until - interval '7 days'), array_agg('infinity'::timestamptz))
    from now_there n join was_there w using (device_key) cross join voltage_progress
    where n.nominal_voltage_v is distinct from w.nominal_voltage_v;
  return null;
end $$;
create trigger voltage_recomputed after update on device
  referencing old table as was_there new table as now_there for each statement execute function recompute_device_voltage();
