-- Up Migration

-- How far each reader of panels has come in each plant. A plant is a site with its panels, which see the same sky, under the site's
-- identifier; a panel of no site is a plant of its own, as `panel/` and its identifier. Written in the transaction that writes what
-- was made of the slots, so that no kill loses one or takes it twice.
create table solar_cursor (
  consumer text not null check (consumer in ('performance', 'anomaly')),
  plant_id text not null,
  -- Slots of five minutes that begin before it are taken; by the platform's clock.
  until timestamptz not null,
  primary key (consumer, plant_id)
);

-- What a panel made of a civil day, as the sums from which all figures follow (YieldSums of the domain): generation is positive. It
-- is computed anew from the roll-ups as the day runs, and for good an hour after its end.
create table solar_panel_day (
  device_key integer not null,
  -- First instant of the civil day in TIME_ZONE.
  begins_at timestamptz not null,
  day date not null,
  plant_id text not null,
  is_final boolean not null,
  -- Rating that it is held against, W, and what a kWh was worth when it was computed, R$.
  rated_w double precision not null,
  tariff_brl_kwh double precision,
  -- With readings of its power, and of those in daylight, h.
  hours double precision not null,
  daylight_hours double precision not null,
  energy_wh double precision not null,
  rated_wh double precision not null,
  -- In daylight: generated, and expected of the same time.
  daylight_wh double precision not null,
  expected_wh double precision not null,
  -- While the irradiance was known by itself: generated, and what the rating makes of it at 25 °C; and at the temperature of the cells.
  referred_wh double precision not null,
  reference_wh double precision not null,
  corrected_wh double precision not null,
  corrected_reference_wh double precision not null,
  primary key (device_key, begins_at)
) partition by range (begins_at);
create index solar_panel_day_plant on solar_panel_day (plant_id, begins_at);

-- What the panels of a plant made of five minutes together.
create table solar_plant_slot (
  at timestamptz not null,
  plant_id text not null,
  -- Of the panels that reported; with how many there were, and how many there are.
  power_w double precision not null,
  expected_w double precision not null,
  irradiance_wm2 double precision,
  basis text not null check (basis in ('measured', 'siblings', 'clear-sky')),
  reporting integer not null,
  panels integer not null,
  primary key (plant_id, at)
) partition by range (at);

-- The newest row of each step of a plant: time series are written in this order.
create table solar_round (
  position bigint primary key generated always as identity,
  plant_id text not null,
  -- Slots from one instant up to another, of one civil day.
  from_at timestamptz not null,
  until timestamptz not null,
  day date not null,
  day_begins_at timestamptz not null,
  slots integer not null,
  panels integer not null,
  recorded_at timestamptz not null
);
create index solar_round_recorded_at on solar_round (recorded_at);

-- What the detectors remember of a plant, as JSON of the domain with its version; of an older one they begin anew.
create table solar_detector_state (
  plant_id text primary key,
  version integer not null,
  state jsonb not null
);

-- Panels that do not do what they should, or whole plants. One of a kind at a time.
create table solar_anomaly (
  anomaly_id bigint primary key generated always as identity,
  plant_id text not null,
  -- Null: of the whole plant, such as a trip of its inverter.
  device_key integer,
  -- All panels that it is of.
  panel_ids text[] not null,
  kind text not null,
  severity text not null check (severity in ('low', 'medium', 'high', 'critical')),
  began_at timestamptz not null,
  -- When it was found, and when its severity or evidence last changed.
  found_at timestamptz not null,
  changed_at timestamptz not null,
  ended_at timestamptz,
  -- As the detectors said it.
  evidence jsonb not null,
  recommendations text[] not null,
  check (ended_at >= began_at)
);
create unique index solar_anomaly_lasting on solar_anomaly (plant_id, coalesce(device_key, 0), kind) where ended_at is null;
create index solar_anomaly_began_at on solar_anomaly (began_at, anomaly_id);
create index solar_anomaly_plant on solar_anomaly (plant_id, began_at);

-- When a rule doubted what a panel reported, whether an anomaly came of it or not: no healthy history, from one slot up to another.
create table solar_doubt (
  device_key integer not null,
  from_at timestamptz not null,
  until timestamptz not null check (until > from_at),
  primary key (device_key, from_at)
);

-- The panels of a site together, by civil day.
create view solar_site_day as
  select plant_id as site_id, begins_at, day, bool_and(is_final) as is_final, count(*)::integer as panels, sum(rated_w) as rated_w,
    max(tariff_brl_kwh) as tariff_brl_kwh, sum(hours) as hours, sum(daylight_hours) as daylight_hours, sum(energy_wh) as energy_wh,
    sum(rated_wh) as rated_wh, sum(daylight_wh) as daylight_wh, sum(expected_wh) as expected_wh, sum(referred_wh) as referred_wh,
    sum(reference_wh) as reference_wh, sum(corrected_wh) as corrected_wh, sum(corrected_reference_wh) as corrected_reference_wh
  from solar_panel_day where plant_id not like 'panel/%' group by plant_id, begins_at, day;

insert into partition_plan (parent, width) values ('solar_panel_day', 'month'), ('solar_plant_slot', 'month');
insert into readable_table (name) values ('solar_panel_day'), ('solar_plant_slot'), ('solar_anomaly'), ('solar_site_day');
