-- Up Migration

create type user_role as enum ('viewer', 'operator', 'engineer', 'admin');

-- Who may log in. Of a password only its hash stands here; a user of an OIDC provider has none.
create table user_account (
  user_id integer primary key generated always as identity,
  username text not null check (username = btrim(username) and length(username) between 1 and 100),
  role user_role not null,
  password_hash text,
  origin text not null check (origin in ('environment', 'api', 'oidc')),
  disabled boolean not null default false,
  -- The entry of AUTH_USERS as it was last applied: it wins again when it has changed. Null: it is gone from there, or never stood there.
  entry_role user_role,
  entry_hash text,
  -- Who it is for the OIDC provider: names change there, this does not.
  subject text unique,
  created_at timestamptz not null,
  changed_at timestamptz not null
);
-- Nobody is told from another by capital letters.
create unique index user_account_username on user_account (lower(username));

-- A login. It ends when it has not been used for a while, at its absolute end, or because somebody ends it.
create table session (
  session_id uuid primary key,
  user_id integer not null references user_account on delete cascade,
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  idle_ends_at timestamptz not null,
  ends_at timestamptz not null,
  ended_at timestamptz,
  address text not null,
  user_agent text,
  -- SHA-256 of the refresh token that is good now, and of the one before, which a second tab may still hold for some seconds.
  refresh_hash bytea not null,
  earlier_refresh_hash bytea,
  refreshed_at timestamptz not null
);
create index session_of_user on session (user_id, last_used_at);
create index session_live on session (ends_at) where ended_at is null;

-- Logins that failed: by user and address, by user, and by address alone. The key is a hash, for people also type passwords as names.
create table login_failure (
  key bytea primary key,
  failures integer not null,
  last_failed_at timestamptz not null
);
create index login_failure_last on login_failure (last_failed_at);

-- Proofs that were used: each is good once. Kept until it would have expired anyway.
create table redeemed_proof (
  proof_id uuid primary key,
  expires_at timestamptz not null
);
create index redeemed_proof_expiry on redeemed_proof (expires_at);

-- Counts every change of who may do what. Whoever missed the notice sees it here.
create table access_revision (
  revision bigint not null
);
insert into access_revision values (0);

create function tell_access_changed() returns trigger language plpgsql as $$
begin
  update access_revision set revision = revision + 1;
  perform pg_notify('access_changed', '');
  return null;
end $$;
-- Who is new is asked for by name: nobody needs to be told.
create trigger tell_user after delete or update of role, disabled on user_account
  for each statement execute function tell_access_changed();
create trigger tell_session after delete or update of ended_at on session
  for each statement execute function tell_access_changed();

-- Who did what: logins, changes of users, deploys, what was refused, and whose personal data was read. Rows are added and, when
-- their month is old enough, dropped with it; nothing changes one.
create table access_log (
  id bigint generated always as identity,
  at timestamptz not null,
  event text not null check (length(event) between 1 and 60),
  username text,
  role user_role,
  session_id uuid,
  address text,
  -- To whom or to what it was done.
  subject text check (length(subject) <= 300),
  detail text check (length(detail) <= 1000),
  primary key (at, id)
) partition by range (at);
create index access_log_id on access_log (id);
-- Half a year, as Brazil's law on the internet (12.965/2014, art. 15) has those keep who run an application.
insert into partition_plan (parent, width, keep_at_least) values ('access_log', 'month', '6 months');

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% takes new rows only', tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger append_only before update or delete on access_log
  for each row execute function refuse_change();

-- Rights on whole tables that the running role does not get, though it gets the others. Each area names its own.
create table withheld_right (
  table_name text not null,
  privilege text not null check (privilege in ('select', 'insert', 'update', 'delete')),
  primary key (table_name, privilege)
);
insert into withheld_right (table_name, privilege) values
  ('partition_plan', 'insert'), ('partition_plan', 'update'), ('partition_plan', 'delete'),
  ('pgmigrations', 'insert'), ('pgmigrations', 'update'), ('pgmigrations', 'delete'),
  ('withheld_right', 'insert'), ('withheld_right', 'update'), ('withheld_right', 'delete'),
  ('access_log', 'update'), ('access_log', 'delete');

-- As in 0005; what is withheld is withheld of the partitions too.
create or replace procedure grant_running(running_role text) language plpgsql as $$
declare
  withheld record;
begin
  execute format('grant usage on schema public to %I', running_role);
  execute format('grant select, insert, update, delete on all tables in schema public to %I', running_role);
  execute format('grant usage, select on all sequences in schema public to %I', running_role);
  execute format('grant execute on function ensure_partition(text, timestamptz), drop_partitions_before(text, timestamptz, timestamptz) to %I', running_role);
  for withheld in
    select relation, privilege from withheld_right,
      lateral (select to_regclass(quote_ident(table_name)) as parent) named,
      lateral (select parent as relation union select inhrelid from pg_inherits where inhparent = parent) relations
    where parent is not null
  loop
    execute format('revoke %s on %s from %I', withheld.privilege, withheld.relation::regclass, running_role);
  end loop;
end $$;
