-- Up Migration

-- The control loop acts at once where what feeders may carry, or what demand response asks for, is changed.
create function notify_feeder_control() returns trigger language plpgsql as $$
begin
  notify feeder_control_changed;
  return null;
end $$;
create trigger feeder_control_changed after insert on feeder_limit
  for each statement execute function notify_feeder_control();
create trigger feeder_control_changed after insert on feeder_limit_removal
  for each statement execute function notify_feeder_control();
create trigger feeder_control_changed after insert or update on dr_event
  for each statement execute function notify_feeder_control();
create trigger feeder_control_changed after insert or update on dr_program
  for each statement execute function notify_feeder_control();
create trigger feeder_control_changed after insert or update on dr_participation
  for each statement execute function notify_feeder_control();
create trigger feeder_control_changed after update of limit_kw, parent_feeder_id, head_meter_id, nominal_voltage_v on feeder
  for each statement execute function notify_feeder_control();
