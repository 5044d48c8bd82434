-- Up Migration

-- What Grafana and reports may read, by a role of their own: what is named here, and nothing else. Each area names its own.
create table readable_table (
  name text primary key
);
insert into readable_table (name) values
  ('feeder'), ('site'), ('device'), ('batch_log'), ('consumer_cursor'),
  ('der_reading'), ('panel_reading'), ('meter_reading'), ('switch_reading'), ('field_event'), ('device_presence'),
  ('reading_minute'), ('reading_hour'), ('latest_reading'), ('quarantine_count');

create procedure grant_reader(reader_role text) language plpgsql as $$
declare readable text;
begin
  execute format('grant usage on schema public to %I', reader_role);
  for readable in select name from readable_table loop
    execute format('grant select on %I to %I', readable, reader_role);
  end loop;
end $$;
revoke all on procedure grant_reader(text) from public;
