-- Up Migration

-- Whoever says conditions asks at its start, and now and then, what of its own stands as said.
create index alarm_said on alarm (area, kind) where said_active;

-- How long a device usually is silent between what is received of it: nine of ten times no longer. Found from its newest readings
-- once it has been silent for a while, and again when they are old; null: too few are there to say.
create table device_interval (
  device_key integer primary key,
  usual_s real,
  found_at timestamptz not null
);
insert into readable_table (name) values ('device_interval');
