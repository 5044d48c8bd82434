-- Up Migration

-- Where the contact of a meter stands at the instant of its reading; null: the meter does not say.
create type meter_contact as enum ('open', 'closed');
alter table meter_reading add column contact meter_contact;
