-- Up Migration

create type quarantine_reason as enum (
  'bad_topic', 'payload_too_large', 'bad_json', 'bad_shape', 'too_many_items', 'missing_field', 'bad_value',
  'out_of_range', 'topic_mismatch', 'bad_timestamp', 'too_far_ahead', 'too_old', 'implausible',
  'conflicting_duplicate', 'unknown_device', 'awaiting_approval', 'device_rejected', 'kind_mismatch',
  'registration_limit', 'storage_refused'
);

-- Bytes, not text: what could not be read as text is kept too.
create table quarantine (
  quarantine_id bigint generated always as identity primary key,
  received_at timestamptz not null,
  replayed_at timestamptz,
  reason quarantine_reason not null,
  device_id text,
  topic text not null,
  detail text not null,
  payload bytea not null
);
create index quarantine_reason_received on quarantine (reason, received_at);
create index quarantine_received on quarantine (received_at);

-- Exact, whatever became of the payloads. `device_id` is '' for devices nobody registered: they are without number.
create table quarantine_count (
  reason quarantine_reason not null,
  device_id text not null,
  count bigint not null,
  kept bigint not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (reason, device_id)
);
