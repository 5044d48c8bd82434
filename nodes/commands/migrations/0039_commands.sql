-- Up Migration

create type command_state as enum ('pending_approval', 'approved', 'queued', 'selected', 'dispatched', 'delivered', 'accepted',
  'executed', 'verified', 'rejected', 'failed', 'expired', 'cancelled', 'superseded', 'unknown', 'reconciled_done',
  'reconciled_not_done');

-- Grows with each transaction that changes commands, in the order of their commits, as alarm_progress does.
create table command_progress (
  only_row boolean primary key default true check (only_row),
  changed bigint not null default 1,
  -- Control numbers begin anew, above all earlier ones, with each restore from a backup.
  epoch integer not null default 1
);
insert into command_progress default values;

create table command (
  command_id uuid primary key,
  device_id text not null,
  feeder_id text,
  type text not null,
  args jsonb not null,
  -- SHA-256 of device, type, arguments and expiry: what was approved is what is sent.
  body_hash text not null,
  -- The plan and the capabilities that it was accepted with.
  plan jsonb not null,
  capabilities jsonb not null,
  requested_by text not null,
  reason text,
  state command_state not null,
  requested_at timestamptz not null,
  expires_at timestamptz not null,
  control_number bigint,
  attempts integer not null default 0,
  asked integer not null default 0,
  first_dispatched_at timestamptz,
  executed_at timestamptz,
  state_since timestamptz not null,
  state_reason text,
  -- From when on something is to be sent: select, operate or query, by the state.
  send_at timestamptz,
  due_at timestamptz,
  -- It is the device's one command.
  in_flight boolean not null,
  -- Where it was in a backup: it is sent only after somebody has said so.
  quarantined boolean not null default false,
  superseded_by uuid references command,
  approval_id bigint,
  changed bigint not null
);
create unique index command_in_flight on command (device_id) where in_flight;
create unique index command_control_number on command (device_id, control_number);
create index command_due on command (due_at) where due_at is not null;
create index command_send on command (send_at) where send_at is not null;
create index command_queued on command (device_id, requested_at) where state = 'queued';
create index command_changed on command (changed);
create index command_requested on command (requested_at desc, command_id);

-- Every step of every command: who, when, from, to, why. Rows are added, and nothing else.
create table command_transition (
  changed bigint not null,
  ordinal integer not null,
  command_id uuid not null references command,
  -- By the platform's clock.
  at timestamptz not null,
  -- By the wall's.
  recorded_at timestamptz not null,
  from_state command_state,
  to_state command_state not null,
  cause text not null,
  -- Null: the device or time.
  username text,
  reason text,
  -- What was requested, with the first; control number and attempt, where it was sent. So the audit of these rows has all of it.
  detail jsonb,
  primary key (changed, ordinal)
);
create index command_transition_command on command_transition (command_id, changed, ordinal);
create trigger append_only before update or delete on command_transition
  for each row execute function refuse_change();
insert into withheld_right (table_name, privilege) values ('command', 'delete'), ('command_transition', 'update'), ('command_transition', 'delete');

-- Everything that a device ever answered, late or not, once for each message.
create table command_ack (
  ack_id bigint primary key generated always as identity,
  command_id uuid not null,
  device_id text not null,
  status text not null,
  control_number bigint,
  -- By the device's clock, as it wrote it, and when it came.
  said_at timestamptz,
  received_at timestamptz not null,
  reason text,
  add_cause smallint,
  -- What it changed; null: nothing (a repetition, or it came too late to matter).
  changed bigint
);
create index command_ack_command on command_ack (command_id, ack_id);
create trigger append_only before update or delete on command_ack
  for each row execute function refuse_change();
insert into withheld_right (table_name, privilege) values ('command_ack', 'update'), ('command_ack', 'delete');
