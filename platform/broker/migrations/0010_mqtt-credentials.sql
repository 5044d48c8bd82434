-- Up Migration

-- With what a device proves to the broker that it is the one whose name it gives. The hash is in mosquitto's own form, so
-- that one file of them serves mosquitto and the embedded broker. What was revoked stays, without a hash, to be seen.
-- No device need be known yet: its credential is what brings it in.
create table mqtt_credential (
  device_id text primary key check (device_id ~ '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$'),
  password_hash text check (password_hash like '$7$%'),
  issued_at timestamptz not null,
  rotated_at timestamptz,
  revoked_at timestamptz,
  check ((password_hash is null) = (revoked_at is not null))
);

-- Whoever keeps the brokers' file is told to write it anew.
create function notify_mqtt_credential() returns trigger language plpgsql as $$
begin
  notify mqtt_credential_changed;
  return null;
end $$;
create trigger mqtt_credential_changed after insert or update or delete or truncate on mqtt_credential
  for each statement execute function notify_mqtt_credential();

-- A device that is taken out of the registry is shut out too: else whoever holds its password could bring it back.
create function revoke_credential_of_deleted_device() returns trigger language plpgsql as $$
begin
  update mqtt_credential set password_hash = null, revoked_at = now()
    where device_id = old.device_id and revoked_at is null;
  return null;
end $$;
create trigger device_deleted after delete on device
  for each row execute function revoke_credential_of_deleted_device();
