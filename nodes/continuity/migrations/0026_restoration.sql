-- Up Migration

-- Whom to restore first, as it was set by whom and why; the newest holds. Null: the default again.
create table restoration_policy (
  id bigint primary key generated always as identity,
  -- As in domain/restoration-policy.ts.
  policy jsonb,
  reason text not null check (length(btrim(reason)) between 1 and 500),
  changed_by text not null,
  changed_at timestamptz not null
);
create trigger append_only before update or delete on restoration_policy
  for each row execute function refuse_change();
insert into withheld_right (table_name, privilege) values ('restoration_policy', 'update'), ('restoration_policy', 'delete');

-- What profiles of units are made of: one notice a statement tells whoever keeps them to look again.
create function notify_continuity() returns trigger language plpgsql as $$
begin
  notify continuity_registers_changed;
  return null;
end $$;
create trigger continuity_registers_changed after insert or update or delete or truncate on consumer_unit
  for each statement execute function notify_continuity();
create trigger continuity_registers_changed after insert or update or delete or truncate on conjunto
  for each statement execute function notify_continuity();
create trigger continuity_registers_changed after insert or update or delete or truncate on conjunto_limit
  for each statement execute function notify_continuity();
create trigger continuity_registers_changed after insert or update or delete or truncate on unit_continuity_limit
  for each statement execute function notify_continuity();
create trigger continuity_registers_changed after insert or update or delete or truncate on individual_limit_row
  for each statement execute function notify_continuity();
create trigger continuity_registers_changed after insert or update or delete or truncate on unit_monetary_base
  for each statement execute function notify_continuity();
create trigger continuity_registers_changed after insert or update or delete or truncate on unit_service
  for each statement execute function notify_continuity();
create trigger continuity_registers_changed after insert or update or delete or truncate on critical_day
  for each statement execute function notify_continuity();
create trigger continuity_registers_changed after insert or update or delete or truncate on regulation_option
  for each statement execute function notify_continuity();

insert into readable_table (name) values ('restoration_policy');
