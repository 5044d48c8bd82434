-- Up Migration

-- What hangs on equipment and forbids commands, as a card on the desk would: somebody works there. Rows are added and nothing else.
create table equipment_tag (
  tag_id bigint primary key generated always as identity,
  kind text not null check (kind in ('work_permit', 'hot_line', 'do_not_operate', 'reclose_blocked')),
  -- A section, or anything that has a name of its own: a switch, an earth switch, a source, a transformer, a device.
  equipment_kind text not null check (equipment_kind in ('section', 'switch', 'earth_switch', 'source', 'transformer', 'device')),
  equipment_id text not null,
  -- Of the permit, or of whatever paper stands behind it.
  document text,
  reason text not null,
  -- Whose it is: the number stays when somebody is renamed.
  owner_id integer not null,
  owner text not null,
  -- By the wall's clock: it is about persons.
  placed_at timestamptz not null
);
create index equipment_tag_equipment on equipment_tag (equipment_id);
create trigger append_only before update or delete on equipment_tag
  for each row execute function refuse_change();

create table equipment_tag_removal (
  tag_id bigint primary key references equipment_tag,
  removed_by_id integer not null,
  removed_by text not null,
  -- Whoever is not its owner says why.
  reason text,
  removed_at timestamptz not null
);
create trigger append_only before update or delete on equipment_tag_removal
  for each row execute function refuse_change();

-- Somebody has found out why a switch tripped, and lets it be closed again. Rows are added and nothing else.
create table trip_clearance (
  clearance_id bigint primary key generated always as identity,
  switch_id text not null,
  -- The report of the switch that it is about, by its clock: what it reports of later trips is another trip.
  reported_at timestamptz not null,
  reason text not null,
  cleared_by text not null,
  -- By the wall's clock.
  cleared_at timestamptz not null
);
create index trip_clearance_switch on trip_clearance (switch_id, reported_at);
create trigger append_only before update or delete on trip_clearance
  for each row execute function refuse_change();

-- Holidays of states and municipalities; those of the nation are data of the interlock.
create table local_holiday (
  day date not null,
  -- IBGE code: of a state two digits, of a municipality seven.
  place_code integer not null check (place_code between 11 and 99 or place_code between 1000000 and 9999999),
  name text not null,
  -- The law that says so.
  source text not null,
  entered_by text not null,
  entered_at timestamptz not null,
  primary key (day, place_code)
);

insert into withheld_right (table_name, privilege) values
  ('equipment_tag', 'update'), ('equipment_tag', 'delete'), ('equipment_tag_removal', 'update'),
  ('equipment_tag_removal', 'delete'), ('trip_clearance', 'update'), ('trip_clearance', 'delete');

select audit_table('equipment_tag', 'tags', 'owner');
select audit_table('equipment_tag_removal', 'tags', 'removed_by');
select audit_table('trip_clearance', 'tags', 'cleared_by');
select audit_table('local_holiday', 'tags', 'entered_by', '{}', '{insert,update,delete}');
