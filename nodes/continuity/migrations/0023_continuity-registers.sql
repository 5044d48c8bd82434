-- Up Migration

-- Yearly limits that the regulator sets for a conjunto, in hundredths: hours of DEC, interruptions of FEC.
create table conjunto_limit (
  conjunto_id text not null references conjunto,
  year smallint not null check (year between 2000 and 2100),
  dec_hundredths integer not null check (dec_hundredths >= 0),
  fec_hundredths integer not null check (fec_hundredths >= 0),
  primary key (conjunto_id, year)
);

-- Limits of one unit in the stead of those of the norm's tables (Anexo 8.B), from a month on.
create table unit_continuity_limit (
  unit_id text not null references consumer_unit,
  from_month date not null check (extract(day from from_month) = 1),
  dic_h double precision not null check (dic_h > 0),
  fic double precision not null check (fic > 0),
  dmic_h double precision not null check (dmic_h > 0),
  dicri_h double precision check (dicri_h > 0),
  dise_h double precision check (dise_h > 0),
  source text not null,
  primary key (unit_id, from_month)
);

-- Rows of the norm's tables that the distributor enters, where none is known here or another one holds.
create table individual_limit_row (
  voltage_class text not null check (voltage_class in ('AT', 'MT', 'BT')),
  -- Null: both.
  area text check (area in ('urban', 'non_urban')),
  -- The yearly limit of the conjunto up to which it holds, itself included; null: above all others.
  up_to_hundredths integer,
  from_month date not null check (extract(day from from_month) = 1),
  dic_h double precision not null,
  fic double precision not null,
  dmic_h double precision not null,
  dicri_h double precision,
  dise_h double precision,
  source text not null,
  unique nulls not distinct (voltage_class, area, up_to_hundredths, from_month)
);

-- Monetary base of a unit's compensation in a month (VRC; until 2021 EUSD), R$.
create table unit_monetary_base (
  unit_id text not null references consumer_unit,
  month date not null check (extract(day from month) = 1),
  vrc_brl double precision not null check (vrc_brl >= 0),
  source text not null,
  primary key (unit_id, month)
);

-- Consumer units of a conjunto in a month (NUC), where another number holds than the registry's.
create table conjunto_units (
  conjunto_id text not null references conjunto,
  month date not null check (extract(day from month) = 1),
  units integer not null check (units > 0),
  primary key (conjunto_id, month)
);

-- Emergency occurrences (ocorrências emergenciais): one service a row. History may come as daily counts.
create table emergency_occurrence (
  occurrence_id text primary key,
  conjunto_id text not null references conjunto,
  opened_at timestamptz not null,
  dispatched_at timestamptz check (dispatched_at >= opened_at),
  arrived_at timestamptz check (arrived_at >= dispatched_at),
  closed_at timestamptz check (closed_at >= arrived_at),
  interruption_id bigint,
  -- Services that interrupted nobody count as occurrences too.
  with_interruption boolean not null
);
create index emergency_occurrence_opened on emergency_occurrence (conjunto_id, opened_at);
create table emergency_day_count (
  conjunto_id text not null references conjunto,
  day date not null,
  occurrences integer not null check (occurrences >= 0),
  primary key (conjunto_id, day)
);

-- A day of a conjunto that counts as critical, once two persons have said so: what it was found by.
create table critical_day (
  conjunto_id text not null references conjunto,
  day date not null,
  occurrences integer not null,
  threshold double precision not null,
  basis jsonb not null,
  approval_id bigint not null,
  primary key (conjunto_id, day)
);

-- A situation of emergency: by a decree, or by the customer-hours of its event.
create table emergency_situation (
  situation_id text primary key,
  basis text not null check (basis in ('decree', 'chi')),
  decree text check ((basis = 'decree') = (decree is not null)),
  -- Conjuntos or municipalities (IBGE) that it is of.
  conjunto_ids text[] not null,
  municipality_codes integer[] not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  description text not null,
  evidence text not null,
  approval_id bigint not null
);

-- Why interruptions do not count (items 178 to 181), of a whole interruption or of one unit in it. Never changed: taken back by
-- another approval.
create table interruption_exclusion (
  exclusion_id bigint primary key generated always as identity,
  interruption_id bigint not null references interruption,
  -- Null: of all units in it.
  unit_id text,
  -- As in domain/exclusions.ts.
  reason text not null,
  situation_id text references emergency_situation,
  evidence text not null,
  approval_id bigint not null,
  taken_back_by bigint,
  check ((reason = 'emergency') = (situation_id is not null))
);
create index interruption_exclusion_interruption on interruption_exclusion (interruption_id);

insert into readable_table (name) values ('conjunto_limit'), ('conjunto_units'), ('emergency_occurrence'),
  ('emergency_day_count'), ('critical_day'), ('emergency_situation'), ('interruption_exclusion');
