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

-- What a panel made of a civil day, and what it should have. Sums over its daylight, from which all ratios follow; generation is
-- positive, energy in kWh. While the day runs it is added to; when the day is over it is computed anew from the roll-ups, and final.
create table solar_panel_day (
  device_key integer not null,
  -- First instant of the civil day in TIME_ZONE.
  begins_at timestamptz not null,
  day date not null,
  plant_id text not null,
  is_final boolean not null,
  -- Rating that it is held against, kW.
  rated_kw double precision not null,
  -- Daylight with readings of its power, and daylight in all, h.
  measured_h double precision not null,
  daylight_h double precision not null,
  energy_kwh double precision not null,
  expected_kwh double precision not null,
  -- In the plane of the panel, kWh/m²; the energy of the rating under it, without and with the temperature of the cells (IEC 61724-1).
  irradiation_kwh_m2 double precision not null,
  reference_kwh double precision not null,
  corrected_kwh double precision not null,
  -- What was expected and did not come; its worth by the tariff that held when it was computed, R$; null: no tariff is known.
  lost_kwh double precision not null,
  lost_brl double precision,
  -- Where the irradiance is from for most of that time.
  basis text not null check (basis in ('measured', 'siblings', 'clear-sky')),
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

-- Panels that do not do what they should. One of a kind at a time and panel.
create table solar_anomaly (
  anomaly_id bigint primary key generated always as identity,
  device_key integer not null,
  plant_id text not null,
  kind text not null,
  severity text not null check (severity in ('low', 'medium', 'high', 'critical')),
  began_at timestamptz not null,
  -- When severity or evidence last changed.
  changed_at timestamptz not null,
  ended_at timestamptz,
  -- As the detectors said it: details, recommendation, evidence.
  content jsonb not null,
  check (ended_at >= began_at)
);
create unique index solar_anomaly_lasting on solar_anomaly (device_key, kind) where ended_at is null;
create index solar_anomaly_began_at on solar_anomaly (began_at desc, anomaly_id desc);
create index solar_anomaly_device on solar_anomaly (device_key, began_at desc);

-- The panels of a site together, by civil day.
create view solar_site_day as
  select plant_id as site_id, begins_at, day, bool_and(is_final) as is_final, count(*)::integer as panels, sum(rated_kw) as rated_kw,
    sum(energy_kwh) as energy_kwh, sum(expected_kwh) as expected_kwh, avg(irradiation_kwh_m2) as irradiation_kwh_m2,
    sum(reference_kwh) as reference_kwh, sum(corrected_kwh) as corrected_kwh, sum(lost_kwh) as lost_kwh, sum(lost_brl) as lost_brl
  from solar_panel_day where plant_id not like 'panel/%' group by plant_id, begins_at, day;

insert into partition_plan (parent, width) values ('solar_panel_day', 'month'), ('solar_plant_slot', 'month');
insert into readable_table (name) values ('solar_panel_day'), ('solar_plant_slot'), ('solar_anomaly'), ('solar_site_day');
