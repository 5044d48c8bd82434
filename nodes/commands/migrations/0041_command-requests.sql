-- Up Migration

-- How commands were asked for: the same key and the same request of the same person is the same command.
create table command_request (
  requested_by text not null,
  idempotency_key text not null,
  -- SHA-256 of the request as it was made.
  request_hash text not null,
  command_id uuid not null unique references command,
  primary key (requested_by, idempotency_key)
);
create trigger append_only before update or delete on command_request
  for each row execute function refuse_change();
insert into withheld_right (table_name, privilege) values ('command_request', 'update'), ('command_request', 'delete');
