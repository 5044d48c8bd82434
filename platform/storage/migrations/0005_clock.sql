-- Up Migration

-- What time it is, the platform's clock says: it may be a simulated one. Ahead of the wall it lets go of nothing that
-- indicators rest on: no clock that goes wrong can empty their tables.
drop function drop_partitions_before(text, timestamptz);

-- Drops partitions that end by `instant` and are older than their plan keeps at least, as seen `at` the platform's time:
-- the oldest first, at most 100 in one transaction, since each takes locks. Whoever gets 100 asks again.
create function drop_partitions_before(parent_table text, instant timestamptz, at timestamptz)
  returns setof text language plpgsql security definer set search_path = public, pg_temp as $$
declare
  plan partition_plan%rowtype;
  part record;
  bound timestamptz;
begin
  select * into plan from partition_plan where parent = parent_table;
  if not found then raise exception 'table % is not divided by time', parent_table; end if;
  bound := least(instant, least(at, now()) - plan.keep_at_least);
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

create or replace procedure grant_running(running_role text) language plpgsql as $$
begin
  execute format('grant usage on schema public to %I', running_role);
  execute format('grant select, insert, update, delete on all tables in schema public to %I', running_role);
  execute format('grant usage, select on all sequences in schema public to %I', running_role);
  execute format('grant execute on function ensure_partition(text, timestamptz), drop_partitions_before(text, timestamptz, timestamptz) to %I', running_role);
  execute format('revoke insert, update, delete on partition_plan, pgmigrations from %I', running_role);
end $$;
