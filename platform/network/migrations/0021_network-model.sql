-- Up Migration

-- A set of consumer units for which the regulator sets limits of continuity (conjunto de unidades consumidoras), by the number
-- that the regulator knows it by.
create table conjunto (
  conjunto_id text primary key,
  name text not null,
  -- IANA zone of its civil days; that of the installation where nobody says.
  time_zone text
);

alter table consumer_unit
  add column conjunto_id text references conjunto,
  add column area text check (area in ('urban', 'non_urban')),
  -- IBGE code of its municipality.
  add column municipality_code integer check (municipality_code between 1000000 and 9999999);
create index consumer_unit_conjunto on consumer_unit (conjunto_id);

-- The network between sources and units. A section is what switches part from the rest: all in it is connected for good, and it
-- is known by its name alone. Everything has periods in which it is as told; those of the same thing do not overlap.
create table network_source (
  source_id text not null,
  section_id text not null,
  feeder_id text references feeder,
  substation_id text,
  phases text not null default 'ABC' check (phases ~ '^A?B?C?$' and phases <> ''),
  validity tstzrange not null default '(,)' check (not isempty(validity)),
  exclude using gist (source_id with =, validity with &&)
);

-- A switch that reports is known by the name of its device. How it stands now is told by its operations (switch_operation).
create table network_switch (
  switch_id text not null,
  section_a text not null,
  section_b text not null,
  -- Open: it is a tie.
  normally_closed boolean not null,
  load_break boolean not null,
  phases text not null default 'ABC' check (phases ~ '^A?B?C?$' and phases <> ''),
  validity tstzrange not null default '(,)' check (not isempty(validity)),
  check (section_a <> section_b),
  exclude using gist (switch_id with =, validity with &&)
);

create table network_transformer (
  transformer_id text not null,
  section_id text not null,
  phases text not null default 'ABC' check (phases ~ '^A?B?C?$' and phases <> ''),
  validity tstzrange not null default '(,)' check (not isempty(validity)),
  exclude using gist (transformer_id with =, validity with &&)
);

-- What supplies a unit: a transformer, or in medium voltage a section.
create table unit_supply (
  unit_id text not null references consumer_unit,
  transformer_id text,
  section_id text,
  validity tstzrange not null default '(,)' check (not isempty(validity)),
  check (num_nonnulls(transformer_id, section_id) = 1),
  exclude using gist (unit_id with =, validity with &&)
);
create index unit_supply_transformer on unit_supply (transformer_id);
create index unit_supply_section on unit_supply (section_id);

-- Units that are restored first. That somebody's life hangs on it is nobody else's business: not among the readable tables.
create type priority_service as enum ('safety', 'life_support', 'essential');
create table unit_service (
  unit_id text primary key references consumer_unit,
  service priority_service not null
);

insert into readable_table (name) values
  ('conjunto'), ('network_source'), ('network_switch'), ('network_transformer'), ('unit_supply');
