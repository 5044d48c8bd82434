-- Up Migration

-- There are more logs than that of readings: a cursor says of which it is.
alter table consumer_cursor
  add column log text not null default 'batch_log',
  drop constraint consumer_cursor_pkey,
  add primary key (log, consumer);
