-- Up Migration

-- Every restore of this database from a backup, by the wall's clock. Areas hang triggers on it: what must not simply go on where it
-- was when the backup was taken is stopped in the transaction that restores.
create table database_restore (
  restored_at timestamptz primary key,
  backup_taken_at timestamptz not null
);
create trigger append_only before update or delete on database_restore
  for each row execute function refuse_change();
insert into withheld_right (table_name, privilege) values
  ('database_restore', 'insert'), ('database_restore', 'update'), ('database_restore', 'delete');
select audit_table('database_restore', 'backup');
