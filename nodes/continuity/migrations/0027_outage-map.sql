-- Up Migration

-- When units of an interruption are expected to have supply again, as somebody said it: the newest entry holds.
create table restoration_estimate (
  interruption_id bigint not null references interruption,
  entered_at timestamptz not null,
  -- Null: nobody can say any more.
  restored_by timestamptz,
  entered_by text not null,
  primary key (interruption_id, entered_at)
);

-- The public outage map as it was at each half hour: what small numbers could tell of single persons is not in it.
create table outage_map_snapshot (
  slot_at timestamptz primary key,
  -- When it was made: later than the half hour where nobody was there to make it.
  taken_at timestamptz not null,
  map jsonb not null
);

insert into readable_table (name) values ('restoration_estimate'), ('outage_map_snapshot');
