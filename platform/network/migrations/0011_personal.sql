-- Up Migration

-- Who holds a consumer unit: the only place for names, addresses and the like. Nothing refers to it, so that it can be erased
-- and all else stays. Not among the readable tables: Grafana and reports do not see it.
create table unit_holder (
  unit_id text not null references consumer_unit,
  -- From when on, and before when; periods of one unit do not overlap.
  validity tstzrange not null check (not isempty(validity)),
  name text not null,
  address text,
  phone text,
  email text,
  -- CPF or CNPJ: digits, or as issued from 2026 on with letters.
  document text,
  changed_at timestamptz not null,
  exclude using gist (unit_id with =, validity with &&)
);
