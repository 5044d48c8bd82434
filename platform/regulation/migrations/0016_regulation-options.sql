-- Up Migration

-- Choices made where the norm is uncertain: who made which, when and why. The newest of an option holds; null is its default
-- again. Options that nobody changed have no row.
create table regulation_option (
  id bigint primary key generated always as identity,
  key text not null check (length(key) between 1 and 100),
  value jsonb,
  reason text not null check (length(btrim(reason)) between 1 and 500),
  changed_by text not null,
  changed_at timestamptz not null
);
create index regulation_option_newest on regulation_option (key, id desc);

create trigger append_only before update or delete on regulation_option
  for each row execute function refuse_change();
insert into withheld_right (table_name, privilege) values
  ('regulation_option', 'update'), ('regulation_option', 'delete');
