-- Up Migration

-- What a charge point says of the car at it, by the names of the field contract: `plugged_in` (yes, no), `energy_needed_kwh` still
-- to come, `departs_at` (UTC). Null for whatever is no charge point, or does not say. One column, since every reading of a DER
-- would pay for three; the newest of a device stands in `latest_reading.measures`.
alter table der_reading add column charging jsonb;
