-- Up Migration

-- Isolation forests, each grown from a site's own healthy history: the newest one scores, those before it are kept for a while. The
-- site is not called `site_id`: what was learnt of it is no reason to keep it in the registry.
create table solar_forest (
  of_site text not null,
  -- From 1, by site.
  version integer not null check (version > 0),
  -- By the platform's clock.
  trained_at timestamptz not null,
  -- Made of site and version.
  seed integer not null,
  -- Which history it is from, by the platform's clock, and how many samples of it: what was seen, and what it was grown from.
  data_from timestamptz not null,
  data_to timestamptz not null check (data_to > data_from),
  samples_seen integer not null check (samples_seen > 0),
  samples integer not null check (samples between 2 and samples_seen),
  -- What a score must exceed to be unusual, and the share of the training scores that lie at or below it.
  threshold double precision not null check (threshold > 0 and threshold <= 1),
  quantile double precision not null check (quantile > 0 and quantile < 1),
  -- As forestToBytes writes them.
  trees bytea not null check (octet_length(trees) between 1 and 1000000),
  primary key (of_site, version)
);

-- When somebody last began to grow a new forest of a site, and what came of it. Whoever writes `begun` does it; should he be killed,
-- another one begins again some time after.
create table solar_forest_attempt (
  of_site text primary key,
  -- By the platform's clock.
  at timestamptz not null,
  outcome text not null check (outcome in ('begun', 'trained', 'too_little_history', 'failed')),
  -- What there was of healthy history: samples, and days (of UTC) that had some.
  samples integer not null default 0,
  days integer not null default 0,
  -- Why it failed.
  reason text check ((reason is not null) = (outcome = 'failed'))
) with (fillfactor = 50);

-- For reports: without the trees.
create view solar_forest_report as
  select of_site as site_id, version, trained_at, seed, data_from, data_to, samples_seen, samples, threshold, quantile from solar_forest;
insert into readable_table (name) values ('solar_forest_report'), ('solar_forest_attempt');
