-- Up Migration

-- Keys by which another system asks for a few routes, without being a user: of a key only its hash stands here.
create table api_key (
  key_id text primary key check (key_id ~ '^[0-9a-f]{16}$'),
  name text not null check (name = btrim(name) and length(name) between 1 and 100),
  -- Which routes it opens.
  scope text not null check (length(scope) between 1 and 60),
  -- SHA-256 of the secret part, which is random enough for that.
  secret_hash bytea not null,
  made_by text not null,
  made_at timestamptz not null,
  revoked_by text,
  revoked_at timestamptz,
  check ((revoked_by is null) = (revoked_at is null))
);
-- Nobody is told from another by capital letters.
create unique index api_key_name on api_key (lower(name)) where revoked_at is null;

insert into withheld_right (table_name, privilege) values ('api_key', 'delete');
