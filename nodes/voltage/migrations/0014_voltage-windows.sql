-- Up Migration

create type voltage_band as enum ('adequate', 'precarious', 'critical');
create type invalid_window as enum ('interruption', 'vtcd', 'coverage');

-- Ten minutes of one meter, from `at` on. A function of the stored readings: computed again when more of them come.
create table voltage_window (
  at timestamptz not null,
  -- Grows with each transaction that writes windows, in the order of their commits: consumers follow it.
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
  primary key (device_key, at)
) partition by range (at);
create index voltage_window_changed on voltage_window (changed);
insert into partition_plan (parent, width) values ('voltage_window', 'day');
create sequence voltage_change as bigint;

-- Windows that end by `closed_until` have been computed, those up to `closing_until` are being: readings that come later and
-- touch either have their windows computed again. One row.
create table voltage_progress (
  only_row boolean primary key default true check (only_row),
  closed_until timestamptz not null,
  closing_until timestamptz not null
);

-- What later readings made of a window that had been computed.
create table voltage_correction (
  device_key integer not null,
  at timestamptz not null,
  corrected_at timestamptz not null,
  before jsonb not null,
  after jsonb not null
);
create index voltage_correction_window on voltage_correction (device_key, at);

-- The seven days before `until` of each meter: valid windows, and those of them in the precarious and critical band by phase.
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

insert into readable_table (name) values ('voltage_window'), ('voltage_week'), ('voltage_correction');
