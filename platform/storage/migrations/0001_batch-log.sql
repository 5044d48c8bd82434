-- Up Migration

-- The log of commits: one row a commit of readings or events. `position` grows in the order in which commits become
-- visible, so a consumer that has seen position n has seen everything up to n. `batch_id` marks the rows themselves.
create table batch_log (
  position bigint primary key,
  batch_id bigint not null unique,
  readings integer not null,
  events integer not null,
  first_at timestamptz,
  last_at timestamptz,
  -- By the platform's clock, when the commit was about to be made.
  committed_at timestamptz not null
);
create index batch_log_committed_at on batch_log (committed_at);
create sequence batch_log_position as bigint;
create sequence batch_number as bigint;

-- The lock is held from here to the commit: that is what makes positions commit-ordered. So it is taken last.
create function append_batch(batch bigint, reading_count integer, event_count integer, from_at timestamptz, to_at timestamptz,
  at timestamptz)
  returns bigint language plpgsql as $$
declare appended bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('batch_log', 0));
  insert into batch_log (position, batch_id, readings, events, first_at, last_at, committed_at)
    values (nextval('batch_log_position'), batch, reading_count, event_count, from_at, to_at, at)
    returning position into appended;
  return appended;
end $$;

-- How far each consumer has come. Written in the transaction that writes what the consumer made of the batches.
create table consumer_cursor (
  consumer text primary key,
  position bigint not null default 0,
  updated_at timestamptz not null default now()
);

-- Which tables are divided by time, and how. `keep_at_least` is what indicators rest on: no setting goes below it.
create table partition_plan (
  parent text primary key,
  width text not null check (width in ('day', 'month', 'year')),
  keep_at_least interval not null default '0'
);

-- The running role owns no table: these two functions, run as the owner, are all it can do to the schema.
create function ensure_partition(parent_table text, instant timestamptz)
  returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
  plan partition_plan%rowtype;
  lower_bound timestamptz;
  upper_bound timestamptz;
  suffix text;
begin
  select * into plan from partition_plan where parent = parent_table;
  if not found then raise exception 'table % is not divided by time', parent_table; end if;
  lower_bound := date_trunc(plan.width, instant, 'UTC');
  upper_bound := (lower_bound at time zone 'UTC' + ('1 ' || plan.width)::interval) at time zone 'UTC';
  suffix := to_char(lower_bound at time zone 'UTC',
    case plan.width when 'day' then 'YYYYMMDD' when 'month' then 'YYYYMM' else 'YYYY' end);
  perform pg_advisory_xact_lock(hashtextextended('partition:' || parent_table, 0));
  execute format('create table if not exists %I partition of %I for values from (%L) to (%L)',
    parent_table || '_' || suffix, parent_table, lower_bound, upper_bound);
end $$;

create function drop_partitions_before(parent_table text, instant timestamptz)
  returns setof text language plpgsql security definer set search_path = public, pg_temp as $$
declare
  plan partition_plan%rowtype;
  part record;
  bound timestamptz;
begin
  select * into plan from partition_plan where parent = parent_table;
  if not found then raise exception 'table % is not divided by time', parent_table; end if;
  bound := least(instant, now() - plan.keep_at_least);
  for part in
    select child.relname,
      (regexp_match(pg_get_expr(child.relpartbound, child.oid), 'TO \(''([^'']+)''\)'))[1]::timestamptz as ends_at
    from pg_inherits
    join pg_class child on child.oid = inhrelid
    where inhparent = format('%I', parent_table)::regclass
  loop
    if part.ends_at <= bound then
      execute format('drop table %I', part.relname);
      return next part.relname;
    end if;
  end loop;
end $$;

revoke all on function ensure_partition(text, timestamptz) from public;
revoke all on function drop_partitions_before(text, timestamptz) from public;

-- What the running system may do: read and write rows, and nothing to the schema. Called after every migration.
create procedure grant_running(running_role text) language plpgsql as $$
begin
  execute format('grant usage on schema public to %I', running_role);
  execute format('grant select, insert, update, delete on all tables in schema public to %I', running_role);
  execute format('grant usage, select on all sequences in schema public to %I', running_role);
  execute format('grant execute on function ensure_partition(text, timestamptz), drop_partitions_before(text, timestamptz) to %I', running_role);
  execute format('revoke insert, update, delete on partition_plan, pgmigrations from %I', running_role);
end $$;
revoke all on procedure grant_running(text) from public;
