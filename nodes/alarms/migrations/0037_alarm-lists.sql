-- Up Migration

-- What stands is searched by anything that is asked for: in this index, beside which the rows of a page only are read. The table
-- holds every alarm that there ever was.
drop index alarm_standing;
create index alarm_standing on alarm (priority desc, changed_at desc, alarm_id desc)
  include (state, active, active_since, area, kind, subject, feeder_id, unit_id, device_id, shelved_until, suppressed_by,
    root_alarm_id, out_of_service)
  where state <> 'A';

-- How many alarms a root explains is counted for each row of a page.
drop index alarm_root;
create index alarm_root on alarm (root_alarm_id) include (active) where root_alarm_id is not null;

-- History is listed by instant, and within one instant by alarm: pages of a storm begin where the one before ended.
drop index alarm_occurrence_at;
create index alarm_occurrence_at on alarm_occurrence (at, alarm_id, occurrence);

-- What operators were told of: the newest alerts, and what key figures count.
create index alarm_occurrence_told on alarm_occurrence (at, alarm_id) where annunciated;

-- What stood longer than a day, by when it went: how many were stale at an instant of the past.
create index alarm_occurrence_long on alarm_occurrence (returned_at) where returned_at - began_at > interval '24 hours';

-- What was hidden by somebody or something.
create index alarm_transition_hidden on alarm_transition (at) where kind in ('suppressed', 'shelved', 'taken-out');
