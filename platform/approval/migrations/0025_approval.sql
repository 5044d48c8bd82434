-- Up Migration

-- What takes two persons: one proposes, with evidence; another one decides. What was proposed is bound by its hash.
create type approval_status as enum ('proposed', 'approved', 'rejected', 'withdrawn', 'expired');
create table approval (
  approval_id bigint primary key generated always as identity,
  -- What it does when approved, such as continuity/exclusion.
  kind text not null check (length(kind) between 1 and 100),
  body jsonb not null,
  body_hash text not null,
  evidence text not null check (length(btrim(evidence)) between 1 and 2000),
  -- What it would change, as shown to both: {deltaBrl, …}.
  effect jsonb,
  proposed_by text not null,
  proposed_at timestamptz not null,
  expires_at timestamptz not null,
  status approval_status not null default 'proposed',
  decided_by text,
  decided_at timestamptz,
  reason text,
  check (status <> 'approved' or decided_by <> proposed_by),
  check ((status = 'proposed') = (decided_at is null))
);
create index approval_open on approval (proposed_at) where status = 'proposed';
