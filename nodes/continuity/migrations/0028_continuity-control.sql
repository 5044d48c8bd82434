-- Up Migration

-- A month as it was closed: version 1 first, and one more for each time that it came to be otherwise. Nothing of it is changed.
create table month_close (
  month date not null check (extract(day from month) = 1),
  version integer not null check (version >= 1),
  closed_at timestamptz not null,
  approval_id bigint not null references approval,
  reason text not null,
  rows integer not null check (rows >= 1),
  units integer not null,
  compensation_brl double precision not null,
  -- Less what the version before came to; of the first one all of it.
  delta_brl double precision not null,
  changed_units integer not null,
  -- Of the last row, and so of all of them: each row's hash is made over the hash of the row before.
  hash text not null check (hash ~ '^[0-9a-f]{64}$'),
  primary key (month, version)
);

create table month_close_row (
  month date not null,
  version integer not null,
  row integer not null check (row >= 1),
  -- Canonical JSON.
  line text not null,
  -- SHA-256 over the hash of the row before, a line feed and the line.
  hash text not null,
  -- As the line has them, to find it by: a check compares them too.
  kind text not null,
  subject text not null,
  amount_brl double precision,
  primary key (month, version, row),
  foreign key (month, version) references month_close deferrable initially deferred
);
create index month_close_row_subject on month_close_row (month, version, kind, subject);

create trigger append_only before update or delete on month_close for each row execute function refuse_change();
create trigger append_only before update or delete on month_close_row for each row execute function refuse_change();

-- An exclusion is taken back once, and nothing else of it is changed.
create function refuse_change_of_exclusion() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.taken_back_by is not null or new.taken_back_by is null
    or (to_jsonb(new) - 'taken_back_by') <> (to_jsonb(old) - 'taken_back_by')
  then
    raise exception 'an exclusion is taken back, and not changed' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger exclusion_stands before update or delete on interruption_exclusion
  for each row execute function refuse_change_of_exclusion();

insert into withheld_right (table_name, privilege) values
  ('month_close', 'update'), ('month_close', 'delete'),
  ('month_close_row', 'update'), ('month_close_row', 'delete'),
  ('interruption_exclusion', 'delete');

-- Lines of units have monetary bases in them: not among the readable tables.
insert into readable_table (name) values ('month_close');
