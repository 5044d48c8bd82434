-- Up Migration

-- Logic that sets setpoints under a lease says with which fencing token: who comes with a lower one has lost the lease, and is refused.
create table setpoint_fence (
  lease text primary key,
  -- The highest that was seen.
  token bigint not null check (token > 0),
  -- When it was first seen, by the platform's clock.
  seen_at timestamptz not null
);
insert into withheld_right (table_name, privilege) values ('setpoint_fence', 'delete');

-- Under which lease a device follows what it follows; null: nobody's.
alter table desired_setpoint add column lease text, add column fencing_token bigint,
  add constraint desired_setpoint_fencing check ((lease is null) = (fencing_token is null));
alter table setpoint_change add column fencing_token bigint;
