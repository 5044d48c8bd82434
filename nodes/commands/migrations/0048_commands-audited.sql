-- Up Migration

-- What was asked for, every step of it, and every answer of a device.
select audit_table('command', 'commands', 'requested_by');
select audit_table('command_transition', 'commands', 'username');
select audit_table('command_ack', 'commands', 'device_id');
