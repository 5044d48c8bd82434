-- Up Migration

-- What has to be known of a solar panel to say what it should generate. Where nobody says, its defaults hold (docs/solar.md).
alter table device
  -- From the horizontal, degrees.
  add column tilt_deg double precision check (tilt_deg between 0 and 90),
  -- Where it faces, degrees clockwise from north.
  add column azimuth_deg double precision check (azimuth_deg between 0 and 360),
  -- How its power changes with the temperature of its cells, of the rating per °C.
  add column gamma_per_c double precision check (gamma_per_c between -0.02 and 0),
  -- Temperature of its cells at 800 W/m², 20 °C and 1 m/s of wind, °C.
  add column noct_c double precision check (noct_c between 20 and 90),
  -- At maximum power under standard test conditions, V.
  add column rated_v double precision check (rated_v > 0),
  add column installed_at timestamptz;

-- What its inverter lets through together, what a kWh of its panels is worth, and what it costs to clean them all once.
alter table site
  add column inverter_limit_kw double precision check (inverter_limit_kw > 0),
  add column tariff_brl_kwh double precision check (tariff_brl_kwh >= 0),
  add column cleaning_cost_brl double precision check (cleaning_cost_brl >= 0);
