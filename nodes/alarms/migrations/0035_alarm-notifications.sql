-- Up Migration

-- Channels that ever told anybody. Whoever decides what goes out next by one of them holds its row.
create table notification_channel (
  channel text primary key,
  -- The node whose it is.
  node_id text not null
);

-- What is to be told: one for each channel, alarm, occurrence and what there is to say of it. Written in the transaction that moves
-- the channel's place in the log of alarms; ended when it was confirmed, given up, gathered or not needed any more.
create table alarm_notification (
  notification_id uuid primary key default gen_random_uuid(),
  -- In the order in which they came up.
  ordinal bigint not null unique generated always as identity,
  channel text not null references notification_channel,
  what text not null check (what in ('raised', 'escalated', 'updated', 'cleared', 'digest')),
  -- Null: a digest of many.
  alarm_id bigint references alarm check ((alarm_id is null) = (what = 'digest')),
  occurrence integer check ((occurrence is null) = (what = 'digest')),
  -- Which step of escalation; of an update how many digits the count of its members has.
  step smallint not null default 0,
  priority alarm_priority not null,
  -- Of what is told, by the platform's clock; everything below is by the wall's.
  at timestamptz not null,
  created_at timestamptz not null,
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'digested', 'withdrawn', 'dead')),
  -- When to try, or, once it was handed over, when it counts as lost.
  due_at timestamptz check ((due_at is not null) = (state = 'waiting')),
  tries integer not null default 0,
  first_tried_at timestamptz,
  ended_at timestamptz check ((ended_at is not null) = (state <> 'waiting')),
  last_error text,
  -- Who had it sent again last, after it was given up or while it waited.
  retried_by text,
  retried_at timestamptz,
  -- The digest that told of it instead.
  digest_id uuid references alarm_notification,
  -- Alarms that it was said to explain.
  members integer,
  -- What goes out, as it was first put into words: the same however often it is sent.
  document json,
  unique (channel, alarm_id, occurrence, what, step)
);
create index alarm_notification_due on alarm_notification (channel, due_at) where state = 'waiting';
create index alarm_notification_tried on alarm_notification (channel, first_tried_at) where first_tried_at is not null;
create index alarm_notification_digest on alarm_notification (digest_id) where digest_id is not null;
create index alarm_notification_ended on alarm_notification (ended_at) where ended_at is not null;
create index alarm_notification_alarm on alarm_notification (alarm_id);
create index notification_channel_node on notification_channel (node_id);
