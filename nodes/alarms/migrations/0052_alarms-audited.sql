-- Up Migration

-- What persons did to alarms, and every change of the tables and rules that alarms go by, and of who answers for them.
select audit_table('alarm_action', 'alarm-actions', 'username');
select audit_table('alarm_table_version', 'alarms', 'changed_by');
select audit_table('alarm_table_entry', 'alarms');
select audit_table('alarm_table_class', 'alarms');
select audit_table('alarm_rule', 'alarms', 'node_id', '{}', '{insert,update,delete}');
select audit_table('responsibility_area', 'alarms', 'changed_by', '{}', '{insert,update,delete}');
select audit_table('responsibility_assignment', 'alarms', null, '{}', '{insert,update,delete}');
