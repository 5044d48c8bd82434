-- Up Migration

create type measurement_kind as enum ('sample', 'complaint', 'inspection');
create type instrument_class as enum ('A', 'S');
create type measurement_status as enum ('scheduled', 'running', 'complete', 'abandoned');

-- An official measurement of a consumer unit's voltage. Of instants, those of the field are of the platform's clock.
create table voltage_measurement (
  measurement_id integer primary key generated always as identity,
  unit_id text not null references consumer_unit,
  kind measurement_kind not null,
  -- Number of the complaint, the inspection or the draw.
  protocol text check (length(protocol) between 1 and 100),
  -- First day of the quarter that a sample is of.
  quarter date check (extract(day from quarter) = 1 and extract(month from quarter) in (1, 4, 7, 10)),
  class instrument_class not null,
  serial text not null check (length(serial) between 1 and 100),
  calibrated_on date not null,
  calibration_valid_until date not null check (calibration_valid_until >= calibrated_on),
  -- What measures: a portable instrument, or the meter that the unit has.
  device_key integer not null references device,
  portable boolean not null,
  -- Of the unit, as they were when it was scheduled.
  reference_v double precision not null check (reference_v > 0),
  phases text not null,
  starts_at timestamptz not null check (extract(epoch from starts_at) % 600 = 0),
  -- Not complete by then, it is to be taken again.
  gives_up_at timestamptz not null check (gives_up_at > starts_at),
  status measurement_status not null default 'scheduled',
  -- Windows that begin before are in measurement_window, missing ones too.
  taken_until timestamptz not null,
  -- Valid windows that corrections took from a complete one, and that following ones have not replaced yet.
  short_by smallint not null default 0 check (short_by >= 0),
  reason text check (length(reason) between 1 and 500),
  retake_of integer unique references voltage_measurement,
  scheduled_by text not null,
  scheduled_at timestamptz not null,
  -- Null: not by a person.
  abandoned_by text,
  abandoned_at timestamptz,
  check (taken_until >= starts_at),
  check ((quarter is not null) = (kind = 'sample')),
  check ((status = 'abandoned') = (reason is not null)),
  check ((status = 'abandoned') = (abandoned_at is not null))
);
-- A unit is measured once at a time, and an instrument measures one unit.
create unique index voltage_measurement_open on voltage_measurement (unit_id) where status in ('scheduled', 'running');
create unique index voltage_measurement_instrument on voltage_measurement (device_key) where status in ('scheduled', 'running');
create index voltage_measurement_unit on voltage_measurement (unit_id, measurement_id);
create index voltage_measurement_device on voltage_measurement (device_key, starts_at);
create index voltage_measurement_quarter on voltage_measurement (quarter) where quarter is not null;
-- What has windows to take up, and what ended lately, is asked for every second or two.
create index voltage_measurement_short on voltage_measurement (measurement_id) where status = 'complete' and short_by > 0;
create index voltage_measurement_taken on voltage_measurement (taken_until);

-- The kept copy of every window since a measurement's start, invalid and missing ones too: what the result rests on.
create table measurement_window (
  at timestamptz not null,
  va_v double precision,
  vb_v double precision,
  vc_v double precision,
  coverage real not null,
  measurement_id integer not null references voltage_measurement,
  band_a voltage_band,
  band_b voltage_band,
  band_c voltage_band,
  invalid_reason invalid_window,
  evidence jsonb,
  primary key (measurement_id, at)
) partition by range (at);
-- PRODIST Módulo 8: what indicators rest on is kept for five years.
insert into partition_plan (parent, width, keep_at_least) values ('measurement_window', 'month', '5 years');

-- What a measurement came to. Corrections of its windows add a version; the newest holds, none is changed.
create table measurement_result (
  measurement_id integer not null references voltage_measurement,
  version smallint not null check (version >= 1),
  computed_at timestamptz not null,
  -- End of the last window that counts.
  ended_at timestamptz not null,
  valid smallint not null,
  invalid integer not null,
  -- By phase A, B, C; null for a phase that the unit does not have.
  precarious smallint[] not null check (cardinality(precarious) = 3),
  critical smallint[] not null check (cardinality(critical) = 3),
  nlp smallint not null,
  nlc smallint not null,
  drp_pct double precision not null,
  drc_pct double precision not null,
  drp_violated boolean not null,
  drc_violated boolean not null,
  primary key (measurement_id, version)
);
create trigger append_only before update or delete on measurement_result
  for each row execute function refuse_change();
insert into withheld_right (table_name, privilege) values ('measurement_result', 'update'), ('measurement_result', 'delete');

-- Windows of a complete measurement that came to be otherwise, by the version of the result that rested on what they were before.
create table measurement_correction (
  measurement_id integer not null,
  version smallint not null,
  at timestamptz not null,
  corrected_at timestamptz not null,
  before jsonb not null,
  after jsonb not null,
  primary key (measurement_id, version, at),
  foreign key (measurement_id, version) references measurement_result (measurement_id, version)
);

create type case_outcome as enum ('regularised', 'void');

-- A violation to be put right: from the measurement that found it to the one that complies. Follows from the results of the
-- unit's measurements; a correction may close it, open it again, or make it void.
create table voltage_case (
  case_id integer primary key generated always as identity,
  unit_id text not null references consumer_unit,
  opened_by integer not null unique references voltage_measurement,
  opened_at timestamptz not null,
  -- Civil days by which it is to be put right; null: that indicator was not violated.
  drp_due_on date,
  drc_due_on date,
  -- What was chosen, when it was opened, where the norm is uncertain: what is due goes by it to the end.
  choices jsonb not null,
  closed_by integer references voltage_measurement,
  closed_at timestamptz,
  outcome case_outcome,
  -- What is due is looked at again: at once, or when this instant has passed.
  touched boolean not null default true,
  next_booking_at timestamptz,
  check ((closed_at is null) = (outcome is null)),
  check (num_nulls(drp_due_on, drc_due_on) < 2)
);
create unique index voltage_case_open on voltage_case (unit_id) where closed_at is null;
create index voltage_case_unit on voltage_case (unit_id);
create index voltage_case_touched on voltage_case (case_id) where touched;
create index voltage_case_next_booking on voltage_case (next_booking_at) where next_booking_at is not null;

-- What was done to put it right.
create table case_work (
  work_id integer primary key generated always as identity,
  case_id integer not null references voltage_case,
  done_at timestamptz not null,
  what text not null check (length(what) between 1 and 1000),
  done_by text not null check (length(done_by) between 1 and 200),
  entered_by text not null,
  entered_at timestamptz not null,
  -- The same entered twice is the same.
  unique (case_id, done_at, what)
);
create trigger append_only before update or delete on case_work for each row execute function refuse_change();
insert into withheld_right (table_name, privilege) values ('case_work', 'update'), ('case_work', 'delete');

-- Charge for the use of the distribution system (EUSD) of a unit in a month, R$.
create table unit_charge (
  unit_id text not null references consumer_unit,
  month date not null check (extract(day from month) = 1),
  eusd_brl numeric(14, 2) not null check (eusd_brl >= 0),
  source text not null check (length(source) between 1 and 200),
  changed_by text not null,
  changed_at timestamptz not null,
  primary key (unit_id, month)
);

-- What is due to a unit for a month of a violation. Once booked a revision stands; what changes it later is booked as the next.
create table voltage_compensation (
  case_id integer not null references voltage_case,
  unit_id text not null references consumer_unit,
  month date not null check (extract(day from month) = 1),
  revision smallint not null check (revision >= 1),
  measurement_id integer not null,
  result_version smallint not null,
  -- Null: it waits, for what `pending` says.
  amount_brl numeric(14, 2),
  -- By how much this revision changes what was booked before: the sum over revisions is what is paid.
  delta_brl numeric(14, 2),
  -- ExplainedMoney, as it was calculated.
  explained jsonb,
  -- Why there is a revision: what came to be otherwise.
  cause text not null,
  pending text,
  booked_at timestamptz not null,
  primary key (case_id, unit_id, month, revision),
  foreign key (measurement_id, result_version) references measurement_result (measurement_id, version),
  check (num_nulls(amount_brl, delta_brl, explained) = case when pending is null then 0 else 3 end)
);
create index voltage_compensation_month on voltage_compensation (month, case_id, unit_id, revision);
create index voltage_compensation_unit on voltage_compensation (unit_id, month);
create trigger booked_stands before update or delete on voltage_compensation
  for each row when (old.pending is null) execute function refuse_change();

insert into readable_table (name) values ('voltage_measurement'), ('measurement_result'), ('measurement_window'), ('measurement_correction'), ('voltage_case');
