-- Up Migration

-- Areas of responsibility, by name: alarms of some feeders, those below them included, of some areas of conditions, or of both.
create table responsibility_area (
  name text primary key,
  -- Null: every feeder, and what is on none.
  feeder_ids text[] check (cardinality(feeder_ids) > 0),
  -- Null: whichever area says the condition.
  condition_areas text[] check (cardinality(condition_areas) > 0),
  changed_by text not null,
  changed_at timestamptz not null
);

-- Who answers for them. Whoever is assigned to none answers for all: so an area goes only when nobody is assigned to it.
create table responsibility_assignment (
  name text not null references responsibility_area,
  user_id integer not null references user_account on delete cascade,
  primary key (name, user_id)
);
create index responsibility_assignment_user on responsibility_assignment (user_id);

-- Whether an alarm is among what somebody answers for, as domain/responsibility.ts has it.
-- scope: `feeder/area` each, `*` for any; null: everything.
create function answers_for(scope text[], feeder text, area text) returns boolean language sql immutable parallel safe as $$
  select scope is null or '*/*' = any (scope) or '*/' || area = any (scope)
    or (feeder is not null and (feeder || '/*' = any (scope) or feeder || '/' || area = any (scope)))
$$;

-- Every attempt to act on an alarm, done or refused. Rows are added and nothing else.
create table alarm_action (
  action_id bigint generated always as identity,
  -- By the wall's clock, whatever the platform's shows.
  at timestamptz not null,
  -- The attempts of one request have it in common.
  request_id uuid not null,
  action text not null,
  -- As it was named, whether there is such an alarm or not; logic may name a key in its stead.
  alarm_id bigint,
  key text,
  occurrence integer,
  -- Of shelving, by the platform's clock.
  until timestamptz,
  -- Why, or the comment.
  reason text,
  outcome text not null check (outcome in ('done', 'refused')),
  -- Why it was refused, for programs and for people.
  code text,
  problem text,
  -- `node <name>` is logic of a flow: it has no role, session or address.
  username text not null,
  role user_role,
  session_id uuid,
  address text,
  primary key (at, action_id),
  check ((outcome = 'refused') = (code is not null)),
  check ((code is null) = (problem is null))
) partition by range (at);
create index alarm_action_id on alarm_action (action_id);
create index alarm_action_alarm on alarm_action (alarm_id, action_id);
create index alarm_action_user on alarm_action (username, action_id);
create trigger append_only before update or delete on alarm_action
  for each row execute function refuse_change();
insert into partition_plan (parent, width, keep_at_least) values ('alarm_action', 'month', '6 months');
insert into withheld_right (table_name, privilege) values ('alarm_action', 'update'), ('alarm_action', 'delete');

-- Attempts that changed nothing, beyond those of which somebody may cause a row each in an hour: nobody fills the disk with them,
-- and none goes uncounted.
create table alarm_action_unlisted (
  hour timestamptz not null,
  username text not null,
  -- `nothing-changed`: it was done, and already so.
  code text not null,
  attempts bigint not null,
  primary key (hour, username, code)
);
insert into withheld_right (table_name, privilege) values ('alarm_action_unlisted', 'delete');
