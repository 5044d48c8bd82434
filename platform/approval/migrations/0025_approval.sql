-- Up Migration

-- What takes two persons: one proposes, with evidence; another one decides. What was proposed is bound by its hash.
create type approval_status as enum ('proposed', 'approved', 'rejected', 'withdrawn', 'expired');
create table approval (
  approval_id bigint primary key generated always as identity,
  -- What it does when approved, such as continuity/exclusion.
  kind text not null check (length(kind) between 1 and 100),
  body jsonb not null,
  -- SHA-256 of kind and body as canonical JSON.
  body_hash text not null check (body_hash ~ '^[0-9a-f]{64}$'),
  evidence text not null check (length(btrim(evidence)) between 1 and 2000),
  -- What it would change, as shown to both: {deltaBrl, …}; and what it came to when it was approved.
  effect jsonb not null,
  decided_effect jsonb,
  -- A person is told by number too: whom a provider of identities renames is the same person.
  proposed_by text not null,
  proposed_by_id integer not null,
  proposed_at timestamptz not null,
  expires_at timestamptz not null check (expires_at > proposed_at),
  status approval_status not null default 'proposed',
  -- Null, where it was decided by nobody: it expired.
  decided_by text,
  decided_by_id integer,
  decided_at timestamptz,
  reason text,
  check (status <> 'approved' or (decided_by_id <> proposed_by_id and lower(decided_by) <> lower(proposed_by))),
  check (status <> 'withdrawn' or decided_by_id = proposed_by_id),
  check ((status = 'proposed') = (decided_at is null)),
  check ((status in ('proposed', 'expired')) = (decided_by is null)),
  check ((decided_by is null) = (decided_by_id is null)),
  check (status <> 'rejected' or length(btrim(reason)) > 0)
);
-- The same is not proposed twice at a time.
create unique index approval_open on approval (kind, body_hash) where status = 'proposed';
create index approval_expiry on approval (expires_at) where status = 'proposed';

-- Only its decision is ever written into a row, once.
create function refuse_change_of_proposal() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.status <> 'proposed'
    or (new.approval_id, new.kind, new.body, new.body_hash, new.evidence, new.effect, new.proposed_by, new.proposed_by_id,
      new.proposed_at, new.expires_at)
    is distinct from (old.approval_id, old.kind, old.body, old.body_hash, old.evidence, old.effect, old.proposed_by,
      old.proposed_by_id, old.proposed_at, old.expires_at)
  then
    raise exception 'a proposal does not change, and neither does its decision' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger proposal_stands before update or delete on approval
  for each row execute function refuse_change_of_proposal();

-- Who made what of it, from which status to which.
create table approval_transition (
  transition_id bigint primary key generated always as identity,
  approval_id bigint not null references approval,
  at timestamptz not null,
  -- Null: it was proposed.
  from_status approval_status,
  to_status approval_status not null,
  -- Null: its time ran out.
  username text,
  role user_role,
  session_id uuid,
  address text,
  reason text
);
create index approval_transition_approval on approval_transition (approval_id);
create trigger append_only before update or delete on approval_transition
  for each row execute function refuse_change();

insert into withheld_right (table_name, privilege) values
  ('approval', 'delete'), ('approval_transition', 'update'), ('approval_transition', 'delete');
