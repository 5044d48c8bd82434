-- Up Migration

-- Versions of the master alarm table, counted from 1: who changed it, when by the wall's clock, and why. 0 is as shipped.
create table alarm_table_version (
  version integer primary key check (version > 0),
  reason text not null check (length(btrim(reason)) between 1 and 500),
  changed_by text not null,
  changed_at timestamptz not null
);

-- What a version says of an entry, whole, in place of what is shipped or beyond it; null: what was said of it is taken back.
create table alarm_table_entry (
  -- area~kind~feeder~subject, * for any.
  entry_key text not null check (length(entry_key) between 7 and 300),
  version integer not null references alarm_table_version,
  definition jsonb,
  primary key (entry_key, version)
);
create index alarm_table_entry_version on alarm_table_entry (version);

-- The same of a class.
create table alarm_table_class (
  name text not null check (length(name) between 1 and 64),
  version integer not null references alarm_table_version,
  definition jsonb,
  primary key (name, version)
);
create index alarm_table_class_version on alarm_table_class (version);

create trigger append_only before update or delete on alarm_table_version
  for each row execute function refuse_change();
create trigger append_only before update or delete on alarm_table_entry
  for each row execute function refuse_change();
create trigger append_only before update or delete on alarm_table_class
  for each row execute function refuse_change();
insert into withheld_right (table_name, privilege) values
  ('alarm_table_version', 'update'), ('alarm_table_version', 'delete'),
  ('alarm_table_entry', 'update'), ('alarm_table_entry', 'delete'),
  ('alarm_table_class', 'update'), ('alarm_table_class', 'delete');

-- Whoever keeps the table in memory reads it again.
create function tell_alarm_table_changed() returns trigger language plpgsql as $$
begin
  notify alarm_table_changed;
  return null;
end $$;
create trigger tell after insert on alarm_table_version
  for each statement execute function tell_alarm_table_changed();
