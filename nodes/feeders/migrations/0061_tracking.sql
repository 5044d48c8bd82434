-- Up Migration

-- What each device was told, without who asked: how well it follows is judged by it.
create view setpoint_told as
  select device_id, changed, at, power_kw, expires_at from setpoint_change;

-- The newest row is where tracking goes on; time series are written in this order.
create table tracking_round (
  position bigint primary key generated always as identity,
  -- End of what it looked at, by the platform's clock; whole minutes.
  at timestamptz not null,
  window_minutes smallint not null,
  feeders integer not null,
  devices integer not null
);
create index tracking_round_at on tracking_round (at);

-- How well the devices on a feeder and below it followed their setpoints over the minutes that end at an instant. Power in kW,
-- consumption positive; errors are measured less setpoint. The feeder is not called `feeder_id`: figures of the past are no reason
-- to keep a feeder in the registry.
create table feeder_tracking (
  at timestamptz not null,
  tracked_feeder text not null,
  window_minutes smallint not null,
  -- With a setpoint in that time, and minutes in which one was in force and readings came.
  devices integer not null,
  minutes smallint not null,
  setpoint_kw double precision,
  actual_kw double precision,
  mean_error_kw double precision,
  mean_absolute_error_kw double precision,
  rms_error_kw double precision,
  largest_error_kw double precision,
  beyond_kw double precision,
  utilisation double precision,
  switches_per_hour double precision not null,
  -- Of what each has of what it wants, as last shared out; null: nothing was.
  jain_index double precision,
  -- Tightest in force on the feeder itself, and what it carried, as the control loop knew it last.
  import_limit_kw double precision,
  export_limit_kw double precision,
  load_kw double precision,
  primary key (tracked_feeder, at)
) partition by range (at);
create index feeder_tracking_at on feeder_tracking (at);

-- The same of single devices, once for each whole window.
create table device_tracking (
  at timestamptz not null,
  device_key integer not null,
  window_minutes smallint not null,
  minutes smallint not null,
  setpoint_kw double precision,
  actual_kw double precision,
  mean_error_kw double precision,
  mean_absolute_error_kw double precision,
  rms_error_kw double precision,
  largest_error_kw double precision,
  beyond_kw double precision,
  utilisation double precision,
  switches_per_hour double precision not null,
  primary key (device_key, at)
) partition by range (at);
create index device_tracking_at on device_tracking (at);

insert into partition_plan (parent, width) values ('feeder_tracking', 'month'), ('device_tracking', 'month');
insert into readable_table (name) values ('setpoint_told'), ('tracking_round'), ('feeder_tracking'), ('device_tracking');
