-- Up Migration

-- What Grafana and reports may read, by a role of their own: what is named here, and nothing else. Each area names its own.
create table readable_table (
  name text primary key
);
insert into readable_table (name) values
  ('feeder'), ('site'), ('device'), ('batch_log'), ('consumer_cursor'),
  ('der_reading'), ('panel_reading'), ('meter_reading'), ('switch_reading'), ('field_event'), ('device_presence'),
  ('reading_minute'), ('reading_hour'), ('latest_reading'), ('quarantine_count');

-- Called after every migration. The running role does not decide who may read what; `reader_role` may be null.
create procedure grant_reader(running_role text, reader_role text) language plpgsql as $$
declare readable text;
begin
  execute format('revoke insert, update, delete on readable_table from %I', running_role);
  if reader_role is null then return; end if;
  execute format('grant usage on schema public to %I', reader_role);
  for readable in select name from readable_table loop
    execute format('grant select on %I to %I', readable, reader_role);
  end loop;
end $$;
revoke all on procedure grant_reader(text, text) from public;

-- A table of the plan that is not divided by PostgreSQL itself is a hypertable, which makes its chunks on its own.
create or replace function ensure_partition(parent_table text, instant timestamptz)
  returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
  plan partition_plan%rowtype;
  lower_bound timestamptz;
  upper_bound timestamptz;
  suffix text;
begin
  select * into plan from partition_plan where parent = parent_table;
  if not found then raise exception 'table % is not divided by time', parent_table; end if;
  if (select relkind from pg_class where oid = format('%I', parent_table)::regclass) <> 'p' then return; end if;
  lower_bound := date_trunc(plan.width, instant, 'UTC');
  upper_bound := (lower_bound at time zone 'UTC' + ('1 ' || plan.width)::interval) at time zone 'UTC';
  suffix := to_char(lower_bound at time zone 'UTC',
    case plan.width when 'day' then 'YYYYMMDD' when 'month' then 'YYYYMM' else 'YYYY' end);
  perform pg_advisory_xact_lock(hashtextextended('partition:' || parent_table, 0));
  execute format('create table if not exists %I partition of %I for values from (%L) to (%L)',
    parent_table || '_' || suffix, parent_table, lower_bound, upper_bound);
end $$;

-- A drop waits for whoever reads the table, and all writers wait for the drop. So nothing is dropped while a backup reads,
-- which holds this lock: the next round will do it. For the rest as in 0005.
create or replace function drop_partitions_before(parent_table text, instant timestamptz, at timestamptz)
  returns setof text language plpgsql security definer set search_path = public, pg_temp as $$
declare
  plan partition_plan%rowtype;
  part record;
  bound timestamptz;
begin
  select * into plan from partition_plan where parent = parent_table;
  if not found then raise exception 'table % is not divided by time', parent_table; end if;
  if not pg_try_advisory_xact_lock(hashtextextended('backup', 0)) then return; end if;
  bound := least(instant, least(at, now()) - plan.keep_at_least);
  if (select relkind from pg_class where oid = format('%I', parent_table)::regclass) <> 'p' then
    return query execute format('select chunk::text from %s.drop_chunks(%L::regclass, older_than => %L::timestamptz) as chunk',
      (select extnamespace::regnamespace from pg_extension where extname = 'timescaledb'), parent_table, bound);
    return;
  end if;
  for part in
    select relname from (
      select child.relname,
        (regexp_match(pg_get_expr(child.relpartbound, child.oid), 'TO \(''([^'']+)''\)'))[1]::timestamptz as ends_at
      from pg_inherits
      join pg_class child on child.oid = inhrelid
      where inhparent = format('%I', parent_table)::regclass
    ) parts
    where ends_at <= bound
    order by ends_at
    limit 100
  loop
    execute format('drop table %I', part.relname);
    return next part.relname;
  end loop;
end $$;
revoke all on function drop_partitions_before(text, timestamptz, timestamptz) from public;

-- Where TimescaleDB is in the database, and nothing has been stored yet, the tables that are divided by time become hypertables.
-- With anything stored they stay as they are: copying years of readings is no part of an upgrade. Should TimescaleDB refuse, they
-- stay as they are too, and PostgreSQL's log says why.
do $$
declare
  timescale text := (select extnamespace::regnamespace from pg_extension where extname = 'timescaledb');
  plan partition_plan%rowtype;
  filled boolean;
  index_definitions text[];
  definition text;
begin
  if timescale is null then return; end if;
  for plan in select * from partition_plan loop
    execute format('select exists (select from %I)', plan.parent) into filled;
    if filled then return; end if;
  end loop;
  for plan in select * from partition_plan loop
    select array_agg(replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ')) into index_definitions
      from pg_index where indrelid = format('%I', plan.parent)::regclass;
    execute format('create table undivided (like %I)', plan.parent);
    execute format('drop table %I', plan.parent);
    execute format('alter table undivided rename to %I', plan.parent);
    foreach definition in array index_definitions loop execute definition; end loop;
    execute format('alter table %I add primary key using index %I', plan.parent, plan.parent || '_pkey');
    execute format('select %s.create_hypertable(%L::regclass, %s.by_range(''at'', %L::interval), create_default_indexes => false)',
      timescale, plan.parent, timescale,
      case plan.width when 'day' then '1 day' when 'month' then '30 days' else '365 days' end);
  end loop;
exception when others then
  raise warning 'no hypertables, PostgreSQL divides the tables itself: %', sqlerrm;
end $$;
