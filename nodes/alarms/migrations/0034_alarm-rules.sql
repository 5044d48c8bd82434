-- Up Migration

-- Rules that engineers define in alarm nodes, as they hold: the kinds of conditions of the area `rules`.
create table alarm_rule (
  name text primary key,
  -- The node of the flows that has it.
  node_id text not null,
  -- What it is for, and when it holds there. Where that is changed its alarms are taken back.
  criterion jsonb not null,
  -- What the master alarm table says of it where nobody has said otherwise there.
  definition jsonb not null,
  -- By the platform's clock.
  entered_at timestamptz not null
);

-- What is remembered of a rule at a device where that is more than at rest: written with the alarms that come of it.
create table alarm_rule_state (
  rule text not null references alarm_rule on delete cascade,
  device_id text not null,
  -- Of the newest reading when it was written.
  at timestamptz not null,
  state jsonb not null,
  primary key (rule, device_id)
);

-- The last transaction that wrote what is remembered of a node's rules, by a name of its own: whoever remembers holds this row, and
-- sees by the name whether what it remembers is what was stored.
create table alarm_rule_turn (
  node_id text primary key,
  turn uuid
);

-- The master alarm table has the rules, too.
create trigger alarm_rule_changed after insert or update or delete on alarm_rule
  for each statement execute function tell_alarm_table_changed();

insert into readable_table (name) values ('alarm_rule');
