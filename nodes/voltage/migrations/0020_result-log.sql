-- Up Migration

-- Grows with each result in the order of their commits, for whoever ends or corrects a measurement holds the cursor of the
-- measurements: stores of time series follow it.
alter table measurement_result add column position bigint generated always as identity unique;
