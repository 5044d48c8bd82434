-- Up Migration

-- The reference voltage of a unit above 2.3 kV is the contracted one, between 95 % and 105 % of the nominal one; the nominal one
-- where nobody says. Both stand between the terminals that its meter measures.
alter table consumer_unit
  add column contracted_voltage_v double precision check (contracted_voltage_v > 0),
  add column measured_between text not null default 'phase_neutral' check (measured_between in ('phase_neutral', 'phase_phase'));
