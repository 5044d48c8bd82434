-- Up Migration

-- For Grafana, what it had nowhere to read from; without persons, as everything that it reads.

-- Consumer units: no holder, no site, no meter.
create view unit_report as
  select unit_id, feeder_id, conjunto_id, phases, nominal_voltage_v from consumer_unit;

-- Commands and where they stand: without who asked, and without what they were reasoned and told with.
create view command_report as
  select command_id, device_id, feeder_id, type, state, requested_at, expires_at, state_since, state_reason, first_dispatched_at,
    executed_at, attempts, in_flight, quarantined
  from command;

-- What a meter's voltages are judged by, and the conjunto they count for: whose meter it is, is not said.
create view meter_report as
  select a.device_key, a.validity, u.conjunto_id, u.measured_between,
    case when u.nominal_voltage_v > 2300 then coalesce(u.contracted_voltage_v, u.nominal_voltage_v) else u.nominal_voltage_v end
      as reference_v
  from meter_assignment a join consumer_unit u using (unit_id);

insert into readable_table (name) values ('unit_report'), ('command_report'), ('meter_report');

-- Each step of a command: without who took it, and without what was asked for and why.
create view command_step_report as
  select s.command_id, c.device_id, c.feeder_id, c.type, s.at, s.from_state, s.to_state, s.cause
  from command_transition s join command c using (command_id);

-- What takes two persons, and what became of it: without who they were, and without what it is about.
create view approval_report as
  select approval_id, kind, status, proposed_at, expires_at, decided_at from approval;

-- What hangs on equipment and forbids commands: without whose it is and why.
create view tag_report as
  select t.tag_id, t.kind, t.equipment_kind, t.equipment_id, t.placed_at, r.removed_at
  from equipment_tag t left join equipment_tag_removal r using (tag_id);

-- The chain of the audit: that something was entered, never what or by whom.
create view audit_report as select seq, at, source, table_name from audit_entry;

-- Logins, refusals, deploys and the like: that they happened, never whose.
create view access_report as select at, event from access_log;

insert into readable_table (name) values ('command_step_report'), ('approval_report'), ('tag_report'), ('audit_report'), ('access_report');
