-- Up Migration

-- What operators write down of their shift. Rows are added and nothing else: what was wrong is put right by another one that names it.
create table shift_entry (
  entry_id bigint primary key generated always as identity,
  -- By the wall's clock, whatever the platform's shows.
  at timestamptz not null,
  -- Of which part of the grid it tells, in the operator's words; null: of all of it.
  responsibility text check (char_length(responsibility) between 1 and 80),
  text text not null check (char_length(text) between 1 and 2000),
  corrects bigint references shift_entry,
  username text not null,
  role user_role not null,
  session_id uuid not null,
  address text
);
create index shift_entry_corrects on shift_entry (corrects) where corrects is not null;

-- A shift that is handed over: the outgoing operator signs by proposing it, with what stood open at that moment.
create table shift_handover (
  handover_id bigint primary key generated always as identity,
  proposed_at timestamptz not null,
  responsibility text check (char_length(responsibility) between 1 and 80),
  note text check (char_length(note) between 1 and 2000),
  alarms_standing integer not null,
  alarms_unacknowledged integer not null,
  commands_in_doubt integer not null,
  interruptions_open integer not null,
  units_out integer not null,
  username text not null,
  role user_role not null,
  session_id uuid not null,
  address text
);

-- The incoming operator's signature: one for each, and not by the same person.
create table shift_signature (
  handover_id bigint primary key references shift_handover,
  signed_at timestamptz not null,
  note text check (char_length(note) between 1 and 2000),
  username text not null,
  role user_role not null,
  session_id uuid not null,
  address text
);

create trigger append_only before update or delete on shift_entry for each row execute function refuse_change();
create trigger append_only before update or delete on shift_handover for each row execute function refuse_change();
create trigger append_only before update or delete on shift_signature for each row execute function refuse_change();
insert into withheld_right (table_name, privilege)
  select name, privilege from unnest(array['shift_entry', 'shift_handover', 'shift_signature']) name,
    unnest(array['update', 'delete']) privilege;
select audit_table('shift_entry', 'shift-log', 'username');
select audit_table('shift_handover', 'shift-log', 'username');
select audit_table('shift_signature', 'shift-log', 'username');
