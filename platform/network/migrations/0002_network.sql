-- Up Migration

create table feeder (
  feeder_id text primary key,
  parent_feeder_id text references feeder,
  name text,
  check (parent_feeder_id <> feeder_id)
);

create table site (
  site_id text primary key,
  feeder_id text references feeder,
  name text,
  latitude double precision check (latitude between -90 and 90),
  longitude double precision check (longitude between -180 and 180)
);

create type reading_kind as enum ('der', 'panel', 'meter', 'switch');
create type registration_status as enum ('active', 'pending', 'rejected');

create table device (
  device_key integer generated always as identity primary key,
  device_id text not null unique,
  kind reading_kind,
  der_type text,
  status registration_status not null,
  site_id text references site,
  feeder_id text references feeder,
  location text,
  nominal_voltage_v double precision check (nominal_voltage_v > 0),
  -- Of a DER its rated power; of a panel its rating, 400 W where nobody says otherwise.
  rated_kw double precision check (rated_kw >= 0),
  priority smallint check (priority between 0 and 100),
  is_physical boolean not null default true,
  -- What the device said of itself at first contact; applied when it is approved, kept as evidence.
  claim jsonb,
  first_seen_at timestamptz not null default now()
);

create table consumer_unit (
  unit_id text primary key,
  site_id text references site,
  feeder_id text references feeder,
  tariff_class text,
  phases text not null default 'ABC' check (phases ~ '^A?B?C?$' and phases <> ''),
  nominal_voltage_v double precision not null check (nominal_voltage_v > 0)
);

-- A unit is not its meter: a meter is changed, the unit stays. Periods of one meter, and of one unit, do not overlap.
create extension if not exists btree_gist;
create table meter_assignment (
  unit_id text not null references consumer_unit,
  device_key integer not null references device,
  validity tstzrange not null check (not isempty(validity)),
  exclude using gist (unit_id with =, validity with &&),
  exclude using gist (device_key with =, validity with &&)
);

-- Running systems keep the registry in memory: one notice a statement tells them to look again.
create function notify_registry() returns trigger language plpgsql as $$
begin
  notify registry_changed;
  return null;
end $$;
create trigger registry_changed after insert or update or delete or truncate on feeder
  for each statement execute function notify_registry();
create trigger registry_changed after insert or update or delete or truncate on site
  for each statement execute function notify_registry();
create trigger registry_changed after insert or update or delete or truncate on device
  for each statement execute function notify_registry();
create trigger registry_changed after insert or update or delete or truncate on consumer_unit
  for each statement execute function notify_registry();
create trigger registry_changed after insert or update or delete or truncate on meter_assignment
  for each statement execute function notify_registry();
