-- Up Migration

-- Most power that the feeder may carry; FEEDER_DEFAULT_LIMIT_KW where nobody says.
alter table feeder add column limit_kw double precision check (limit_kw >= 0);
