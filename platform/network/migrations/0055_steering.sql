-- Up Migration

-- What steering has to know of a DER. Where nobody says, its defaults hold (docs/feeders.md).
alter table device
  -- Those that it is connected to; its power is shared equally by them.
  add column phases text check (phases ~ '^A?B?C?$' and phases <> ''),
  -- Least power while it draws at all, kW.
  add column least_kw double precision check (least_kw >= 0),
  -- Where it goes by itself when it hears nothing, kW at its terminals, consumption positive.
  add column fallback_kw double precision,
  -- What it has by contract, kW; before all fairness.
  add column contracted_kw double precision check (contracted_kw >= 0),
  -- Of a battery, or of the car's.
  add column capacity_kwh double precision check (capacity_kwh > 0),
  -- Fastest change of its power either way.
  add column ramp_kw_per_minute double precision check (ramp_kw_per_minute > 0),
  -- Once on, or off, it stays so at least this long.
  add column min_on_s integer check (min_on_s between 0 and 86400),
  add column min_off_s integer check (min_off_s between 0 and 86400);

alter table feeder
  -- The meter at its head: what flows into the feeder and all below it. A file may name it before it is imported. Of one feeder
  -- only, as imports see to: no deferred constraint, which first contacts that enter feeders could not live with.
  add column head_meter_id text references device (device_id) deferrable initially deferred,
  -- Between phase and neutral.
  add column nominal_voltage_v double precision check (nominal_voltage_v > 0);

-- As before, but for foreign keys that name something else of the row than this key: a feeder names its meter by its name.
create or replace function tables_naming(target text, key_column text, key text) returns setof text language plpgsql stable as $$
declare
  naming record;
  found_one boolean;
begin
  for naming in
    select c.relname as name, a.attname as column_name
    from pg_constraint f
    join pg_class c on c.oid = f.conrelid
    join pg_attribute a on a.attrelid = f.conrelid and a.attnum = f.conkey[1]
    join pg_attribute k on k.attrelid = f.confrelid and k.attnum = f.confkey[1] and k.attname = key_column
    where f.contype = 'f' and f.confrelid = format('%I', target)::regclass and not c.relispartition
    union
    select c.relname, a.attname
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname = key_column and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and c.oid <> format('%I', target)::regclass
    order by 1
  loop
    execute format('select exists (select from %I where %I = %L)', naming.name, naming.column_name, key) into found_one;
    if found_one then return next naming.name; end if;
  end loop;
end $$;
