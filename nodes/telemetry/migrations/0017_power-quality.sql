-- Up Migration

-- What an instrument of voltage quality has worked out over `interval_s`, by the names of the field contract; null for the many
-- meters that are none. One column, since each of sixteen would be paid for by every reading: a tenth more to write.
alter table meter_reading add column power_quality jsonb;

-- Of a `vtcd`: residual voltage of a sag or voltage of a swell, and how long it had lasted at `at`.
alter table field_event
  add column magnitude_pu double precision,
  add column duration_s double precision;
create index field_event_device on field_event (device_key, at);
