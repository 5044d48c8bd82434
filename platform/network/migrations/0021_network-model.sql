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

create index network_transformer_section on network_transformer (section_id);

create function share_phase(one text, other text) returns boolean language sql immutable parallel safe
  return translate(one, other, '') <> one;

-- Where units hang, and on which phases, as supply and transformers say together: kept by triggers, since everything that asks who
-- is without supply asks it. A transformer of one or two phases works on all of them or not at all, whichever its units call theirs;
-- of one of three phases a unit has its own.
create table unit_connection (
  unit_id text not null,
  section_id text not null,
  transformer_id text,
  phases text not null,
  validity tstzrange not null
);
create index unit_connection_unit on unit_connection (unit_id);
create index unit_connection_section on unit_connection (section_id);

create function connect_units(units text[]) returns void language sql as $$
  delete from unit_connection where unit_id = any (units);
  insert into unit_connection (unit_id, section_id, transformer_id, phases, validity)
  select s.unit_id, t.section_id, s.transformer_id, case when t.phases = 'ABC' then u.phases else t.phases end,
    s.validity * t.validity
  from unit_supply s
  join consumer_unit u on u.unit_id = s.unit_id
  join network_transformer t on t.transformer_id = s.transformer_id and t.validity && s.validity
  where s.unit_id = any (units)
  union all
  select s.unit_id, s.section_id, null, u.phases, s.validity
  from unit_supply s
  join consumer_unit u on u.unit_id = s.unit_id
  where s.unit_id = any (units) and s.section_id is not null;
$$;

-- Units that are restored first. That somebody's life hangs on it is nobody else's business: not among the readable tables.
create type priority_service as enum ('safety', 'life_support', 'essential');
create table unit_service (
  unit_id text primary key references consumer_unit,
  service priority_service not null
);

-- From when on something of the network is not as it was told before: what was computed from it is computed again, and the row taken
-- out. Rows come in the transaction that makes the change, one a statement, with the notice network_changed.
create table network_change (
  change_id bigint primary key generated always as identity,
  element_kind text not null check (element_kind in ('source', 'switch', 'transformer', 'unit')),
  element_ids text[] not null,
  -- -infinity: always.
  from_at timestamptz not null
);

-- Arguments: kind of the element, column that names it. Where only periods moved, what differs begins where they differ.
create function note_network_change() returns trigger language plpgsql as $$
declare
  ids text[];
begin
  if tg_op = 'INSERT' then
    insert into network_change (element_kind, element_ids, from_at)
    select tg_argv[0], array_agg(distinct to_jsonb(n) ->> tg_argv[1]), min(coalesce(lower(validity), '-infinity'))
    from now_there n having count(*) > 0 returning element_ids into ids;
  elsif tg_op = 'DELETE' then
    insert into network_change (element_kind, element_ids, from_at)
    select tg_argv[0], array_agg(distinct to_jsonb(w) ->> tg_argv[1]), min(coalesce(lower(validity), '-infinity'))
    from was_there w having count(*) > 0 returning element_ids into ids;
  else
    insert into network_change (element_kind, element_ids, from_at)
    select tg_argv[0], array_agg(distinct what ->> tg_argv[1]), min(coalesce(lower(differs), '-infinity'))
    from (
      select what, (coalesce(was, '{}') - coalesce(now, '{}')) + (coalesce(now, '{}') - coalesce(was, '{}')) as differs
      from (select to_jsonb(w) - 'validity' as what, range_agg(validity) as was from was_there w group by 1) w
      full join (select to_jsonb(n) - 'validity' as what, range_agg(validity) as now from now_there n group by 1) n
        using (what)
    ) difference
    where not isempty(differs) having count(*) > 0 returning element_ids into ids;
  end if;
  if ids is null then return null; end if;
  if tg_table_name = 'unit_supply' then perform connect_units(ids); end if;
  if tg_table_name = 'network_transformer' then
    perform connect_units(array(select distinct unit_id from unit_supply where transformer_id = any (ids)));
  end if;
  notify network_changed;
  return null;
end $$;

do $$
declare
  noted record;
begin
  for noted in select * from (values
    ('network_source', 'source', 'source_id'), ('network_switch', 'switch', 'switch_id'),
    ('network_transformer', 'transformer', 'transformer_id'), ('unit_supply', 'unit', 'unit_id')
  ) as noted (table_name, kind, id) loop
    execute format('create trigger network_changed_insert after insert on %I referencing new table as now_there
      for each statement execute function note_network_change(%L, %L)', noted.table_name, noted.kind, noted.id);
    execute format('create trigger network_changed_delete after delete on %I referencing old table as was_there
      for each statement execute function note_network_change(%L, %L)', noted.table_name, noted.kind, noted.id);
    execute format('create trigger network_changed_update after update on %I
      referencing old table as was_there new table as now_there
      for each statement execute function note_network_change(%L, %L)', noted.table_name, noted.kind, noted.id);
  end loop;
end $$;

-- Phases of a unit have no period: they hold for always.
create function note_unit_change() returns trigger language plpgsql as $$
declare
  ids text[];
begin
  insert into network_change (element_kind, element_ids, from_at)
  select 'unit', array_agg(unit_id), '-infinity' from now_there n join was_there w using (unit_id)
  where n.phases <> w.phases having count(*) > 0 returning element_ids into ids;
  if ids is null then return null; end if;
  perform connect_units(ids);
  notify network_changed;
  return null;
end $$;
create trigger network_changed after update on consumer_unit
  referencing old table as was_there new table as now_there for each statement execute function note_unit_change();

insert into readable_table (name) values
  ('conjunto'), ('network_source'), ('network_switch'), ('network_transformer'), ('unit_supply'),
  ('unit_connection');
