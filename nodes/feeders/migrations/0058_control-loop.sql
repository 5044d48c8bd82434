-- Up Migration

-- Who may steer a root feeder and all below it: one at a time. The token grows at each change of hands, beyond those of all other
-- leases and with the wall's time, so that it stays the highest after a restore too; setpoints carry it.
create table control_lease (
  root_id text primary key,
  holder text not null,
  token bigint not null check (token > 0),
  -- By the wall's clock of whoever holds it.
  taken_at timestamptz not null,
  expires_at timestamptz not null
) with (fillfactor = 50);

-- The newest round over each root.
create table feeder_allocation (
  root_id text primary key,
  -- Beginning of the interval, by the platform's clock, and when it was stored, by the wall's.
  at timestamptz not null,
  recorded_at timestamptz not null,
  interval_s double precision not null,
  -- Why just then: its time had come, a limit was broken, something changed.
  cause text not null check (cause in ('interval', 'breach', 'change', 'start')),
  -- Machine time of the round, and of the solver within it.
  round_ms double precision not null,
  solver_ms double precision not null,
  holder text not null,
  token bigint not null,
  device_count integer not null,
  -- Mode, totals, and what each feeder carries by line.
  allocation jsonb not null
) with (fillfactor = 50);

-- What each device got in the newest round over its root, and why. What is here goes with the device's steering, so the feeder is
-- not called `feeder_id`: this is no reason to keep it in the registry.
create table device_share (
  device_id text primary key,
  root_id text not null,
  on_feeder text not null,
  at timestamptz not null,
  power_kw double precision not null,
  deficit_kw double precision not null,
  -- What kept it from more.
  binding text not null,
  -- What it was told last, until when, and when it was first told that; null: nothing.
  told_kw double precision,
  told_until timestamptz,
  told_at timestamptz,
  -- What it may have heard of what it was told since it was last heard itself, and until when that may hold.
  heard_low_kw double precision,
  heard_high_kw double precision,
  heard_until timestamptz,
  -- When it was last told to go on or off.
  switched_at timestamptz,
  -- Bounds, need, weight and the whole of the binding, for whoever asks why.
  detail jsonb not null
) with (fillfactor = 50);
create index device_share_root on device_share (root_id);

-- Energy that devices wanted and did not get, fading with time: who went short longest comes first.
create table control_deficit (
  device_id text primary key,
  deficit_kwh double precision not null check (deficit_kwh >= 0),
  at timestamptz not null
) with (fillfactor = 50);

insert into withheld_right (table_name, privilege) values ('control_lease', 'delete');

-- For reports: without what is known of cars and their comings and goings.
create view device_share_report as
  select device_id, root_id, on_feeder, at, power_kw, told_kw, told_until, deficit_kw, binding from device_share;
insert into readable_table (name) values ('feeder_allocation'), ('device_share_report'), ('control_lease');
