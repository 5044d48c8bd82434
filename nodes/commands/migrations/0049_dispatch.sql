-- Up Migration

create table command_counter (
  device_id text primary key,
  -- The last part of the device's newest control number; the epoch stands before it.
  counter bigint not null,
  -- The device's presence when it was last told something: online with another one, it has been away.
  presence_at timestamptz
);

-- What stood open in a backup may have gone on since then, and control numbers have been given that the backup does not know: the
-- new epoch is above all earlier ones, however often the same backup is restored, for it grows with the wall's time as well.
create function quarantine_commands() returns trigger language plpgsql as $$
begin
  update command_progress set changed = changed + 1,
    epoch = greatest(epoch + 1, floor(extract(epoch from new.restored_at - '2026-01-01Z') / 300)::integer);
  update command set quarantined = true, changed = (select changed from command_progress)
  where due_at is not null or send_at is not null or in_flight;
  return null;
end $$;
create trigger quarantine_commands after insert on database_restore
  for each row execute function quarantine_commands();

-- How often the key of a device was told, each time another one: the keys themselves are derived, and stand nowhere.
create table command_key (
  device_id text primary key,
  issue integer not null check (issue > 0),
  issued_by text not null,
  -- By the wall.
  issued_at timestamptz not null
);
select audit_table('command_key', 'commands', 'issued_by', changes => '{insert,update,delete}');
