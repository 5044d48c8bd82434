-- Up Migration

-- What a switch says of its protection, where it says anything: whether it has opened upon a fault and nobody has reset it, and
-- whether it is kept from closing again by itself.
create type yes_no as enum ('yes', 'no');
alter table switch_reading add column tripped yes_no, add column reclose_blocked yes_no;
