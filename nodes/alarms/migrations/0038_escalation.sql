-- Up Migration

-- Roles that the alarm has escalated to, the latest one last; none once it is acknowledged or hidden.
alter table alarm add escalated_to text[] not null default '{}';

-- What stands is searched by that as well.
drop index alarm_standing;
create index alarm_standing on alarm (priority desc, changed_at desc, alarm_id desc)
  include (state, active, active_since, area, kind, subject, feeder_id, unit_id, device_id, shelved_until, suppressed_by,
    root_alarm_id, out_of_service, escalated_to)
  where state <> 'A';

-- The same of an alarm as it stands: what has escalated to a role in the scope is there, wherever it is.
create function answers_for(scope text[], feeder text, area text, escalated_to text[]) returns boolean
language sql immutable parallel safe as $$
  select answers_for(scope, feeder, area) or escalated_to && scope
$$;
