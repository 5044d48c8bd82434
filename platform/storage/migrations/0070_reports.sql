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
