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
  batch_id bigint,
  device_key integer not null,
  -- Null: there was none.
  before jsonb,
  after jsonb not null
) partition by range (at);
create index voltage_correction_window on voltage_correction (device_key, at);
create trigger append_only before update or delete on voltage_correction for each row execute function refuse_change();
insert into withheld_right (table_name, privilege) values ('voltage_correction', 'update'), ('voltage_correction', 'delete');

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
create function recompute_voltage(meter integer, from_at timestamptz, until_at timestamptz) returns void language sql as $$
  insert into voltage_recomputation as r (day, device_key, from_at, until_at)
  select day, meter, greatest(since, day), least(upto, day + interval '1 day')
  from (select greatest(recompute_voltage.from_at, closed_until - interval '45 days') as since,
          least(recompute_voltage.until_at, closed_until) as upto
        from voltage_progress where exists (select from voltage_week where device_key = meter)) asked,
    generate_series(date_trunc('day', since, 'UTC'), upto, interval '1 day') as day
  where since < upto and day < upto
  on conflict (day, device_key) do update set from_at = least(r.from_at, excluded.from_at),
    until_at = greatest(r.until_at, excluded.until_at)
$$;

create function recompute_assigned_voltage() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    perform recompute_voltage(old.device_key, coalesce(lower(old.validity), '-infinity'), coalesce(upper(old.validity), 'infinity'));
  end if;
  if tg_op <> 'DELETE' then
    perform recompute_voltage(new.device_key, coalesce(lower(new.validity), '-infinity'), coalesce(upper(new.validity), 'infinity'));
  end if;
  return null;
end $$;
create trigger voltage_recomputed_insert after insert or delete on meter_assignment
  for each row execute function recompute_assigned_voltage();
create trigger voltage_recomputed_update after update on meter_assignment
  for each row when (old is distinct from new) execute function recompute_assigned_voltage();

create function recompute_unit_voltage() returns trigger language plpgsql as $$
begin
  perform recompute_voltage(device_key, closed_until - interval '7 days', 'infinity')
    from meter_assignment, voltage_progress
    where unit_id = new.unit_id and validity && tstzrange(closed_until - interval '7 days', closed_until);
  return null;
end $$;
create trigger voltage_recomputed after update on consumer_unit
  for each row when ((old.nominal_voltage_v, old.contracted_voltage_v, old.measured_between, old.phases) is distinct from
    (new.nominal_voltage_v, new.contracted_voltage_v, new.measured_between, new.phases))
  execute function recompute_unit_voltage();

create function recompute_device_voltage() returns trigger language plpgsql as $$
begin
  perform recompute_voltage(new.device_key, closed_until - interval '7 days', 'infinity') from voltage_progress;
  return null;
end $$;
create trigger voltage_recomputed after update on device
  for each row when (new.kind = 'meter' and old.nominal_voltage_v is distinct from new.nominal_voltage_v)
  execute function recompute_device_voltage();
