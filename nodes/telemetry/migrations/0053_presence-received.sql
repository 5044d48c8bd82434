-- Up Migration

-- When the word was received: what a device's clock says can be behind that of its broker, whose word has no time of its own.
alter table device_presence add column received_at timestamptz;
update device_presence set received_at = at;
alter table device_presence alter column received_at set not null;
