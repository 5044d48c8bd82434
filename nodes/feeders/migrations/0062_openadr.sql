-- Up Migration

-- What a VTN of OpenADR has, as it was found last: what came of it here, and what of it could not be followed.
create table openadr_object (
  kind text not null check (kind in ('program', 'event')),
  object_id text not null,
  name text not null,
  -- Hash of all it said: another one is another version.
  version text not null,
  -- By the platform's clock.
  first_seen_at timestamptz not null,
  version_seen_at timestamptz not null,
  -- taken: all of it is followed; partly: some; refused: nothing; withdrawn: the VTN has it no more.
  state text not null check (state in ('taken', 'partly', 'refused', 'withdrawn')),
  -- Why not all of it is followed, a sentence each.
  not_taken jsonb not null,
  -- Names of the calls that stand for it.
  calls jsonb not null,
  -- What it said, for the report when it is over; of programs for their events.
  content jsonb,
  -- When it is to be looked at again though it does not change: more of it comes near, or what refused it may be gone.
  look_again_at timestamptz,
  changed_at timestamptz not null,
  primary key (kind, object_id)
);
create index openadr_object_changed on openadr_object (changed_at);

-- Reports on events that are over.
create table openadr_report (
  event_object_id text primary key,
  -- As the VTN calls it; null: it has not taken it yet.
  report_id text,
  -- Of what was sent last.
  content_hash text,
  sent_at timestamptz,
  attempts integer not null default 0,
  -- Why it was not taken the last time; null: it was.
  error text,
  try_again_at timestamptz
);

-- Who polls, and how it went: one row. Instants of the wall's clock: a VTN knows no other.
create table openadr_polling (
  one boolean primary key default true check (one),
  holder text,
  held_until timestamptz,
  attempted_at timestamptz,
  succeeded_at timestamptz,
  failures integer not null default 0,
  error text,
  next_at timestamptz
);
insert into openadr_polling default values;
