-- Up Migration

-- What steering has to know of a DER. Where nobody says, its defaults hold (docs/feeders.md).
alter table device
  -- Those that it is connected to; its power is shared equally by them.
  add column phases text check (phases ~ '^A?B?C?$' and phases <> ''),
  -- Least power while it draws at all, kW.
  add column least_kw double precision check (least_kw >= 0),
  -- Where it goes by itself when it hears nothing, kW at its terminals, consumption positive.
  add column fallback_kw double precision,
  -- What it has by contract, kW; before all fairness.
  add column contracted_kw double precision check (contracted_kw >= 0),
  -- Of a battery, or of the car's.
  add column capacity_kwh double precision check (capacity_kwh > 0),
  -- Fastest change of its power either way.
  add column ramp_kw_per_minute double precision check (ramp_kw_per_minute > 0),
  -- Once on, or off, it stays so at least this long.
  add column min_on_s integer check (min_on_s between 0 and 86400),
  add column min_off_s integer check (min_off_s between 0 and 86400);

alter table feeder
  -- The meter at its head: what flows into the feeder and all below it. Of one feeder only, and a meter of the registry, as imports
  -- see to; no reference, since devices refer to feeders, and what refers to each other in a circle has no order to be loaded in.
  add column head_meter_id text,
  -- Between phase and neutral.
  add column nominal_voltage_v double precision check (nominal_voltage_v > 0);
create index feeder_head_meter on feeder (head_meter_id);
