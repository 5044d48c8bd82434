-- Up Migration

-- Grows with each transaction that writes indicators, in the order of their commits: whoever writes holds this row. One row.
create table continuity_indicator_progress (
  only_row boolean primary key default true check (only_row),
  changed bigint not null default 0
);
insert into continuity_indicator_progress default values;

-- What interruptions come to for a unit in a month, live. Units without any have no row, or
-- one of zeros where they had some before. Durations in milliseconds: hours are
-- made of them where they are shown.
create table unit_continuity (
  month date not null check (extract(day from month) = 1),
  dic_ms bigint not null,
  dmic_ms bigint not null,
  changed bigint not null,
  -- When `violated` became what it is.
  violation_changed bigint not null,
  compensation_brl double precision,
  -- Until when an interruption that lasts is counted.
  computed_at timestamptz not null,
  fic integer not null,
  -- An interruption of the unit lasts, and the month with it.
  lasts boolean not null,
  unit_id text not null,
  -- By event: [{interruptionId, ms}].
  dicri jsonb,
  dise jsonb,
  -- Parcels by name: {IND: {ms, count}}.
  parcels jsonb not null,
  -- Which of its limits the unit is above: DIC, FIC, DMIC, DICRI, DISE.
  violated text[] not null,
  -- Why there is no compensation yet: no limits, no monetary base.
  pending text,
  primary key (unit_id, month)
);
create index unit_continuity_month on unit_continuity (month);
create index unit_continuity_changed on unit_continuity (changed);
create index unit_continuity_violation on unit_continuity (violation_changed) where violation_changed > 0;
create index unit_continuity_lasts on unit_continuity (computed_at) where lasts;

-- What they come to for a conjunto in a month: customer-milliseconds and customer-interruptions of each parcel, and NUC.
create table conjunto_continuity (
  conjunto_id text not null references conjunto,
  month date not null check (extract(day from month) = 1),
  units integer not null,
  parcels jsonb not null,
  changed bigint not null,
  computed_at timestamptz not null,
  primary key (conjunto_id, month)
);
create index conjunto_continuity_changed on conjunto_continuity (changed);


-- Months that are to be computed again: what they were computed from is not what it was. Each transaction adds rows of its own,
-- and so never waits for another; whoever computes takes those that are there out.
create table continuity_recomputation (
  asked_order bigint primary key generated always as identity,
  -- Of one unit; null: of a conjunto.
  unit_id text,
  conjunto_id text,
  month date not null check (extract(day from month) = 1),
  -- Of a conjunto: its units' months, up to this unit already done; null: only what they add up to.
  after_unit text,
  check ((unit_id is null) <> (conjunto_id is null))
);
create index continuity_recomputation_unit on continuity_recomputation (asked_order) where unit_id is not null;
create index continuity_recomputation_conjunto on continuity_recomputation (conjunto_id, month) where conjunto_id is not null;

-- All units of a conjunto in some months.
create function recompute_conjunto(conjunto text, first_month date, last_month date) returns void language sql as $$
  insert into continuity_recomputation (conjunto_id, month, after_unit)
  select conjunto, each::date, '' from generate_series(first_month, last_month, interval '1 month') each
$$;

-- Critical days: of an outage that began on one the rest may lie in the next month.
create function recompute_for_critical_day() returns trigger language plpgsql as $$
declare
  the_day critical_day := coalesce(new, old);
  first_month date := date_trunc('month', the_day.day);
begin
  perform recompute_conjunto(the_day.conjunto_id, first_month, (first_month + interval '1 month')::date);
  return null;
end $$;
create trigger recompute after insert or update or delete on critical_day
  for each row execute function recompute_for_critical_day();

-- Yearly limits of a conjunto say which limits its units have.
create function recompute_for_conjunto_limit() returns trigger language plpgsql as $$
declare
  the_limit conjunto_limit := coalesce(new, old);
begin
  perform recompute_conjunto(conjunto_id, month, month) from conjunto_continuity
  where conjunto_id = the_limit.conjunto_id and extract(year from month) = the_limit.year;
  return null;
end $$;
create trigger recompute after insert or update or delete on conjunto_limit
  for each row execute function recompute_for_conjunto_limit();

create function recompute_for_limit_row() returns trigger language plpgsql as $$
begin
  perform recompute_conjunto(conjunto_id, month, month) from conjunto_continuity
  where month >= least(new.from_month, old.from_month);
  return null;
end $$;
create trigger recompute after insert or update or delete on individual_limit_row
  for each row execute function recompute_for_limit_row();

-- A choice made otherwise: every month that there is. Units of no conjunto by themselves.
create function recompute_for_option() returns trigger language plpgsql as $$
begin
  perform recompute_conjunto(conjunto_id, min(month), max(month)) from conjunto_continuity group by conjunto_id;
  insert into continuity_recomputation (unit_id, month)
  select unit_id, month from unit_continuity join consumer_unit u using (unit_id) where u.conjunto_id is null;
  return null;
end $$;
create trigger recompute after insert on regulation_option
  for each row when (new.key like 'continuity-%') execute function recompute_for_option();

create function recompute_for_time_zone() returns trigger language plpgsql as $$
begin
  perform recompute_conjunto(new.conjunto_id, min(month), max(month)) from conjunto_continuity
  where conjunto_id = new.conjunto_id having count(*) > 0;
  return null;
end $$;
create trigger recompute after update on conjunto
  for each row when (new.time_zone is distinct from old.time_zone) execute function recompute_for_time_zone();

create function recompute_for_conjunto_units() returns trigger language plpgsql as $$
declare
  counted conjunto_units := coalesce(new, old);
begin
  insert into continuity_recomputation (conjunto_id, month) values (counted.conjunto_id, counted.month);
  return null;
end $$;
create trigger recompute after insert or update or delete on conjunto_units
  for each row execute function recompute_for_conjunto_units();

-- Registers of units come by the hundred thousand: once a statement, and only for months that they have. A
-- monetary base stands in for those after it until they have their own.
create function recompute_for_monetary_base() returns trigger language plpgsql as $$
begin
  insert into continuity_recomputation (unit_id, month)
  select distinct unit_id, c.month from touched t join unit_continuity c using (unit_id) where c.month >= t.month;
  return null;
end $$;
create function recompute_for_unit_limit() returns trigger language plpgsql as $$
begin
  insert into continuity_recomputation (unit_id, month)
  select distinct unit_id, month from touched join unit_continuity using (unit_id) where month >= from_month;
  return null;
end $$;
-- What a unit is, and how many units a conjunto has.
create function recompute_for_unit() returns trigger language plpgsql as $$
begin
  insert into continuity_recomputation (unit_id, month)
  select unit_id, month from touched join unit_continuity using (unit_id);
  insert into continuity_recomputation (conjunto_id, month)
  select conjunto_id, month from conjunto_continuity where conjunto_id in (select conjunto_id from touched);
  return null;
end $$;
create function recompute_for_changed_unit() returns trigger language plpgsql as $$
begin
  insert into continuity_recomputation (unit_id, month)
  select unit_id, month
  from touched n join was_there w using (unit_id) join unit_continuity using (unit_id)
  where (n.conjunto_id, n.area, n.nominal_voltage_v, n.contracted_voltage_v)
    is distinct from (w.conjunto_id, w.area, w.nominal_voltage_v, w.contracted_voltage_v);
  insert into continuity_recomputation (conjunto_id, month)
  select conjunto_id, month from conjunto_continuity where conjunto_id in (
    select unnest(array[n.conjunto_id, w.conjunto_id]) from touched n join was_there w using (unit_id)
    where n.conjunto_id is distinct from w.conjunto_id);
  return null;
end $$;
create trigger recompute_changed after update on consumer_unit referencing new table as touched old table as was_there
  for each statement execute function recompute_for_changed_unit();
create function recompute_for_supply() returns trigger language plpgsql as $$
begin
  insert into continuity_recomputation (conjunto_id, month)
  select conjunto_id, month from conjunto_continuity where conjunto_id in (
    select u.conjunto_id from touched join consumer_unit u using (unit_id));
  return null;
end $$;

do $$
declare
  watched record;
begin
  for watched in select * from (values
    ('unit_monetary_base', 'recompute_for_monetary_base', true), ('unit_continuity_limit', 'recompute_for_unit_limit', true),
    ('unit_supply', 'recompute_for_supply', true), ('consumer_unit', 'recompute_for_unit', false)
  ) as watched (table_name, function_name, updates) loop
    execute format('create trigger recompute_new after insert on %I referencing new table as touched
      for each statement execute function %I()', watched.table_name, watched.function_name);
    execute format('create trigger recompute_old after delete on %I referencing old table as touched
      for each statement execute function %I()', watched.table_name, watched.function_name);
    if watched.updates then
      execute format('create trigger recompute_changed after update on %I referencing new table as touched
        for each statement execute function %I()', watched.table_name, watched.function_name);
    end if;
  end loop;
end $$;

insert into readable_table (name) values ('unit_continuity'), ('conjunto_continuity');
