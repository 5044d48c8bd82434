-- Up Migration

create type reading_quality as enum ('good', 'late', 'server-time', 'questionable', 'invalid');
create type meter_aggregation as enum ('instant', 'mean', 'rms');
create type switch_position as enum ('open', 'closed', 'intermediate');
create type switch_mode as enum ('remote', 'local');

-- Columns stand in the order that leaves no gaps between them: 8-byte ones first, then 4-byte ones. `received_at` is kept
-- where it says something, for late readings: the others were received when their batch was committed (batch_log).
create table der_reading (
  at timestamptz not null,
  received_at timestamptz,
  batch_id bigint not null,
  device_key integer not null,
  quality reading_quality not null,
  p_actual_kw double precision not null,
  p_setpoint_kw double precision,
  soc double precision,
  p_max_kw double precision,
  cloud_cover_pct double precision,
  shortwave_radiation_wm2 double precision,
  estimated_power_w double precision,
  primary key (device_key, at)
) partition by range (at);
create index der_reading_batch on der_reading (batch_id);

create table panel_reading (
  at timestamptz not null,
  received_at timestamptz,
  batch_id bigint not null,
  device_key integer not null,
  quality reading_quality not null,
  temperature_celsius double precision not null,
  voltage_volts double precision not null,
  current_amperes double precision not null,
  power_w double precision not null,
  primary key (device_key, at)
) partition by range (at);
create index panel_reading_batch on panel_reading (batch_id);

create table meter_reading (
  at timestamptz not null,
  received_at timestamptz,
  batch_id bigint not null,
  device_key integer not null,
  quality reading_quality not null,
  va_v double precision,
  vb_v double precision,
  vc_v double precision,
  ia_a double precision,
  ib_a double precision,
  ic_a double precision,
  p_kw double precision,
  q_kvar double precision,
  frequency_hz double precision,
  interval_s double precision not null,
  aggregation meter_aggregation not null,
  primary key (device_key, at)
) partition by range (at);
create index meter_reading_batch on meter_reading (batch_id);

create table switch_reading (
  at timestamptz not null,
  received_at timestamptz,
  batch_id bigint not null,
  device_key integer not null,
  quality reading_quality not null,
  ia_a double precision,
  ib_a double precision,
  ic_a double precision,
  position switch_position not null,
  mode switch_mode not null,
  primary key (device_key, at)
) partition by range (at);
create index switch_reading_batch on switch_reading (batch_id);

create type field_event_type as enum ('power_lost', 'power_restored', 'switch_opened', 'switch_closed', 'vtcd');
create table field_event (
  device_key integer not null,
  event_id text not null,
  at timestamptz not null,
  received_at timestamptz not null,
  batch_id bigint not null,
  type field_event_type not null,
  quality reading_quality not null,
  phases text,
  cause text,
  primary key (device_key, event_id)
);
create index field_event_at on field_event (at);
create index field_event_batch on field_event (batch_id);

create table device_presence (
  device_key integer primary key,
  online boolean not null,
  at timestamptz not null,
  firmware text,
  capabilities text[]
);

-- Means, extremes and counts of every measure, kept by the roll-up consumer of the batch log.
create type measure as enum (
  'p_actual_kw', 'p_setpoint_kw', 'soc', 'cloud_cover_pct', 'shortwave_radiation_wm2', 'estimated_power_w',
  'temperature_celsius', 'voltage_volts', 'current_amperes', 'power_w',
  'va_v', 'vb_v', 'vc_v', 'ia_a', 'ib_a', 'ic_a', 'p_kw', 'q_kvar', 'frequency_hz'
);
create table reading_minute (
  at timestamptz not null,
  device_key integer not null,
  measure measure not null,
  total double precision not null,
  lowest double precision not null,
  highest double precision not null,
  samples integer not null,
  primary key (device_key, measure, at)
) partition by range (at);
create table reading_hour (
  at timestamptz not null,
  device_key integer not null,
  measure measure not null,
  total double precision not null,
  lowest double precision not null,
  highest double precision not null,
  samples integer not null,
  primary key (device_key, measure, at)
) partition by range (at);

create table latest_reading (
  device_key integer primary key,
  kind reading_kind not null,
  at timestamptz not null,
  received_at timestamptz not null,
  quality reading_quality not null,
  -- Power at the terminals, consumption positive; null for what has none.
  power_kw double precision,
  measures jsonb not null
) with (fillfactor = 50);

-- Meters and events carry the official indicators: five years.
insert into partition_plan (parent, width, keep_at_least) values
  ('der_reading', 'day', '0'),
  ('panel_reading', 'day', '0'),
  ('meter_reading', 'month', '5 years'),
  ('switch_reading', 'month', '5 years'),
  ('reading_minute', 'month', '0'),
  ('reading_hour', 'year', '5 years');
