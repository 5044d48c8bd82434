-- Up Migration

-- Whether the switch, or the breaker at the source, closes again by itself after a trip.
alter table network_switch add column recloses boolean not null default false;
alter table network_source add column recloses boolean not null default false;

-- Joins a section to earth, where it is worked on. Normally open. One that reports has the name of its device; how others stand is
-- told by persons. It takes part in no supply: what hangs on it, nobody is interrupted by it.
create table network_earth_switch (
  earth_switch_id text not null,
  section_id text not null,
  validity tstzrange not null default '(,)' check (not isempty(validity)),
  exclude using gist (earth_switch_id with =, validity with &&)
);
create index network_earth_switch_section on network_earth_switch (section_id);

insert into readable_table (name) values ('network_earth_switch');
