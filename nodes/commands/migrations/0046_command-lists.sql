-- Up Migration

-- What is under way, and what has ended lately: as the live list and the watch look for it.
create index command_open on command (requested_at) where in_flight or state in ('pending_approval', 'approved', 'queued');
create index command_state_since on command (state_since);

-- Nodes that hear what devices answer, and when they last said that they do, by the wall's clock.
create table command_ack_listener (
  node_id text primary key,
  heard_at timestamptz not null
);
