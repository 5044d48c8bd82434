-- Up Migration

-- What was done, in the order of the commits, each entry bound to all before it by its hash (docs/audit.md says how to compute it).
-- Nobody writes here but `enter_audit`, as the owner of the schema; the running role reads.
create table audit_entry (
  -- From 1, without a gap.
  seq bigint primary key,
  -- By the clock of the database's machine, which no simulation moves.
  at timestamptz not null,
  -- What area of the platform it is of, and whose row it tells of.
  source text not null,
  table_name text not null,
  -- What happened to the row, as JSON, byte for byte as it was hashed. Null: let go of with the row, by `forget_audited`.
  content text,
  content_hash bytea not null check (length(content_hash) = 32),
  -- Of the entry before; 32 zero bytes for the first.
  previous_hash bytea not null check (length(previous_hash) = 32),
  hash bytea not null check (length(hash) = 32)
);
create index audit_entry_table on audit_entry (table_name, at);

-- Which tables enter the chain, and what of them.
create table audited_table (
  -- Neither has line breaks: they are hashed with what stands beside them.
  table_name text primary key check (table_name ~ '^[a-z0-9_]{1,63}$'),
  source text not null check (source ~ '^[a-z_-]{1,40}$'),
  -- The column that says who did it; null: none does.
  actor_column text,
  -- Columns that the chain does not repeat: secrets, and what says nothing.
  withheld text[] not null,
  -- Whether rows change once they are there: where they do not, what stands there is what the chain says.
  rows_change boolean not null
);

-- Enters what happens to a row, when the transaction that does it is about to commit. The lock is held from here to the commit:
-- entries stand in the order of the commits, and none is lost between two writers. It is taken last, so nothing else is waited for
-- while it is held. The hash is made of six lines, the last one without its end.
-- Arguments: table (a partition has another name), source, column of who did it, columns withheld.
create function enter_audit() returns trigger
language plpgsql security definer set search_path = public, pg_temp set timezone = 'UTC' as $$
declare
  stands jsonb;
  last record;
  number bigint := 1;
  previous bytea := '\x0000000000000000000000000000000000000000000000000000000000000000';
  at timestamptz;
  content text;
  content_hash bytea;
begin
  if tg_op = 'DELETE' then stands := to_jsonb(old) - tg_argv[3]::text[];
  else stands := to_jsonb(new) - tg_argv[3]::text[];
  end if;
  if tg_op = 'UPDATE' and to_jsonb(old) - tg_argv[3]::text[] = stands then return null; end if;
  content := jsonb_build_object('change', lower(tg_op), 'actor', stands ->> tg_argv[2], 'row', stands)::text;
  content_hash := sha256(convert_to(content, 'UTF8'));

  perform pg_advisory_xact_lock(hashtextextended('audit', 0));
  select e.seq, e.hash into last from audit_entry e order by e.seq desc limit 1;
  if found then
    number := last.seq + 1;
    previous := last.hash;
  end if;
  at := clock_timestamp();
  insert into audit_entry (seq, at, source, table_name, content, content_hash, previous_hash, hash) values
    (number, at, tg_argv[1], tg_argv[0], content, content_hash, previous, sha256(convert_to(concat_ws(e'\n', encode(previous, 'hex'), number,
      to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), tg_argv[1], tg_argv[0], encode(content_hash, 'hex')), 'UTF8')));
  return null;
end $$;

-- Lets the rows of a table enter the chain from here on, with the transaction that writes them; called by migrations. Rows that
-- are there already stay outside.
-- actor_column: says who did it; withheld: columns that stay outside, as hashes of passwords; changes: what happens to rows,
-- of insert, update, delete. A table that takes new rows only has its trigger for that already.
create function audit_table(name text, source text, actor_column text default null, withheld text[] default '{}',
  changes text[] default '{insert}')
returns void language plpgsql as $$
begin
  insert into audited_table (table_name, source, actor_column, withheld, rows_change)
    values (name, source, actor_column, withheld, not exists (select from pg_trigger
      where tgrelid = format('%I', name)::regclass and tgfoid = 'refuse_change'::regproc));
  execute format('create constraint trigger audited after %s on %I deferrable initially deferred
    for each row execute function enter_audit(%L, %L, %L, %L)', array_to_string(audit_table.changes, ' or '), name,
    name, source, coalesce(actor_column, ''), withheld);
end $$;

-- Content of rows whose table does not keep them for ever, when their table has let go of them: the chain goes on without it.
-- Nothing younger than the plan keeps at least, by the wall. Whoever may write into the table may ask for it.
create function forget_audited(name text, before timestamptz) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  keep constant interval := (select keep_at_least from partition_plan where parent = name);
  forgotten bigint;
begin
  if keep is null or keep < interval '1 month' then raise exception 'rows of % are kept for ever', name; end if;
  if not has_table_privilege(session_user, name, 'insert') then
    raise exception 'permission denied for table %', name using errcode = 'insufficient_privilege';
  end if;
  update audit_entry set content = null
    where content is not null and table_name = name and at < least(before, clock_timestamp() - keep);
  get diagnostics forgotten = row_count;
  return forgotten;
end $$;

-- Rows of tables that take new rows only, of the entries after one up to another, that are not what was entered: changed, or gone
-- before their time. Columns that a later release took away are not compared. at: by the wall.
create function audit_differences(after bigint, up_to bigint, at timestamptz) returns table (seq bigint, table_name text, gone boolean)
language plpgsql stable set timezone = 'UTC' as $$
declare
  audited record;
begin
  for audited in
    select t.table_name as name, plan.keep_at_least as keep,
      (select string_agg(format('r.%1$I = (e.entered ->> %1$L)::%2$s', a.attname, format_type(a.atttypid, a.atttypmod)), ' and ')
       from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
       where i.indisprimary and i.indrelid = to_regclass(quote_ident(t.table_name))) as same_key
    from audited_table t left join partition_plan plan on plan.parent = t.table_name
    where not t.rows_change and exists (select from audit_entry e
      where e.seq > after and e.seq <= up_to and e.table_name = t.table_name)
  loop
    if audited.same_key is null then continue; end if;
    return query execute format('
      select e.seq, e.table_name, stands is null
      from (select a.seq, a.table_name, a.at, a.content::jsonb -> ''row'' as entered from audit_entry a
        where a.seq > $1 and a.seq <= $2 and a.table_name = $3 and a.content is not null offset 0) e
      left join lateral (select to_jsonb(r) as stands from %I r where %s limit 1) row on true
      where case
        when stands is null then $4 is null or e.at > $5 - $4 + interval ''1 day''
        when stands = e.entered then false
        else exists (select from jsonb_each(e.entered) field
          where stands ? field.key and stands -> field.key is distinct from field.value) end',
      audited.name, audited.same_key) using after, up_to, audited.name, audited.keep, at;
  end loop;
end $$;

revoke all on function enter_audit(), audit_table(text, text, text, text[], text[]) from public;

-- Also the owner of the schema changes an entry only after taking this away: to let go of content is no change of the chain.
create function refuse_change_of_audit() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    if new.content is null
      and (new.seq, new.at, new.source, new.table_name, new.content_hash, new.previous_hash, new.hash)
        = (old.seq, old.at, old.source, old.table_name, old.content_hash, old.previous_hash, old.hash)
    then return new; end if;
  end if;
  raise exception 'audit_entry takes new rows only' using errcode = 'insufficient_privilege';
end $$;
create trigger append_only before update or delete on audit_entry
  for each row execute function refuse_change_of_audit();
create trigger never_emptied before truncate on audit_entry
  for each statement execute function refuse_change_of_audit();

insert into withheld_right (table_name, privilege) values
  ('audit_entry', 'insert'), ('audit_entry', 'update'), ('audit_entry', 'delete'),
  ('audited_table', 'insert'), ('audited_table', 'update'), ('audited_table', 'delete');

-- Logins, deploys, changes of users, what was refused: what the access log has.
select audit_table('access_log', 'access', 'username');
-- And whatever changes who may log in, however it came about.
select audit_table('user_account', 'users', null, '{password_hash,entry_hash}', '{insert,update,delete}');
select audit_table('api_key', 'users', 'made_by', '{secret_hash}', '{insert,update,delete}');
select audit_table('mqtt_credential', 'users', null, '{password_hash}', '{insert,update,delete}');
select audit_table('approval', 'approval', 'proposed_by');
select audit_table('approval_transition', 'approval', 'username');
select audit_table('regulation_option', 'regulation', 'changed_by');
