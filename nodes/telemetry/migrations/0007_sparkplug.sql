-- Up Migration

alter type quarantine_reason add value 'bad_payload';
alter type quarantine_reason add value 'not_born';
alter type quarantine_reason add value 'sequence_gap';
alter type quarantine_reason add value 'not_mapped';
