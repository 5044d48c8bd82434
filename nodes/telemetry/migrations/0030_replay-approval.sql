-- Up Migration

-- By which approval of two persons a reading or event that indicators rest on may be replayed; null: by none, or it needs none.
alter table quarantine add column replay_approval_id bigint references approval;
