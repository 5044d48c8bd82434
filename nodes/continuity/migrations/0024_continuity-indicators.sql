-- Up Migration

-- What interruptions come to for a unit in a month, live. Units without any have no row. Durations in milliseconds: hours are
-- made of them where they are shown.
create table unit_continuity (
  month date not null check (extract(day from month) = 1),
  dic_ms bigint not null,
  dmic_ms bigint not null,
  changed bigint not null,
  compensation_brl double precision,
  fic integer not null,
  unit_id text not null,
  -- By event: [{interruptionId, ms}].
  dicri jsonb,
  dise jsonb,
  -- Parcels by name: {IND: {ms, count}}.
  parcels jsonb not null,
  -- Why there is no compensation yet: no limits, no monetary base.
  pending text,
  primary key (unit_id, month)
);
create index unit_continuity_month on unit_continuity (month);
create index unit_continuity_changed on unit_continuity (changed);

-- What they come to for a conjunto in a month: customer-milliseconds and customer-interruptions of each parcel, and NUC.
create table conjunto_continuity (
  conjunto_id text not null references conjunto,
  month date not null check (extract(day from month) = 1),
  units integer not null,
  parcels jsonb not null,
  changed bigint not null,
  primary key (conjunto_id, month)
);

insert into readable_table (name) values ('unit_continuity'), ('conjunto_continuity');
