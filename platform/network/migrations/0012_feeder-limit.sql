-- Up Migration

-- Most power that the feeder may carry; FEEDER_DEFAULT_LIMIT_KW where nobody says.
alter table feeder add column limit_kw double precision check (limit_kw >= 0);

-- The tables with rows that name a row of another one: by a foreign key, or by a column called as its key is. What is divided by
-- time has no foreign keys, and names its devices all the same.
create function tables_naming(target text, key_column text, key text) returns setof text language plpgsql stable as $$
declare
  naming record;
  found_one boolean;
begin
  for naming in
    select c.relname as name, a.attname as column_name
    from pg_constraint f
    join pg_class c on c.oid = f.conrelid
    join pg_attribute a on a.attrelid = f.conrelid and a.attnum = f.conkey[1]
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
