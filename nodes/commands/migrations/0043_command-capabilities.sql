-- Up Migration

-- What a device can do with commands, as somebody has found or says; of what no row says, nothing is taken for granted.
create table command_capability (
  device_id text primary key references device (device_id) on delete cascade,
  -- It remembers what became of each command, and does none twice.
  ledger boolean not null,
  -- It refuses by its own clock what comes too late.
  expiry boolean not null,
  -- It can be armed first.
  selectable boolean not null,
  -- Its clock is set by the network.
  clock boolean not null,
  -- It obeys nothing that is not signed.
  signature boolean not null,
  -- The conformance check has seen it; otherwise somebody says so.
  is_proven boolean not null,
  recorded_by text not null,
  -- By the wall.
  recorded_at timestamptz not null
);
insert into readable_table (name) values ('command_capability');
select audit_table('command_capability', 'commands', 'recorded_by', changes => '{insert,update,delete}');
