-- Up Migration

-- What each DER is to follow: the newest wins. On the broker it is retained; here is what the broker should have.
create table desired_setpoint (
  device_id text primary key,
  -- At its terminals, consumption positive; null: it follows none.
  power_kw double precision,
  expires_at timestamptz check ((expires_at is null) = (power_kw is null)),
  -- Null: it has expired.
  requested_by text,
  requested_at timestamptz not null,
  -- How often it was changed.
  changed bigint not null,
  -- The change that the broker last confirmed.
  published bigint,
  -- The presence of the device that it was last sent for, by the device's clock.
  presence_at timestamptz
);
create index desired_setpoint_unpublished on desired_setpoint (device_id) where published is distinct from changed;
create index desired_setpoint_ends on desired_setpoint (expires_at) where expires_at is not null;

-- Every one that ever was. Rows are added, and go with their month, and nothing else.
create table setpoint_change (
  -- By the wall's clock.
  recorded_at timestamptz not null,
  device_id text not null,
  changed bigint not null,
  -- By the platform's clock.
  at timestamptz not null,
  power_kw double precision,
  expires_at timestamptz,
  -- `node <name>` is logic of a flow; null: it has expired.
  username text,
  reason text,
  primary key (recorded_at, device_id, changed)
) partition by range (recorded_at);
create index setpoint_change_device on setpoint_change (device_id, changed);
create trigger append_only before update or delete on setpoint_change
  for each row execute function refuse_change();
insert into partition_plan (parent, width, keep_at_least) values ('setpoint_change', 'month', '6 months');
insert into withheld_right (table_name, privilege) values
  ('desired_setpoint', 'delete'), ('setpoint_change', 'update'), ('setpoint_change', 'delete');

-- For reports: without who asked.
create view setpoint_report as
  select device_id, power_kw, expires_at, requested_at, published is not distinct from changed as is_published
  from desired_setpoint;
insert into readable_table (name) values ('setpoint_report');
