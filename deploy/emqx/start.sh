#!/bin/sh
# Lets in the users that the environment gives passwords for, and starts EMQX as its image does. Devices with users of their own
# are entered in its dashboard: it does not read the file of devices that Linha Viva writes.
set -eu
umask 077
: "${PLATFORM_PASSWORD:?is not set}" "${DISPATCHER_PASSWORD:?is not set}"
: "${FLOWS_PASSWORD:?is not set}" "${FIELD_PASSWORD:?is not set}"
users=/tmp/users.csv
# Nobody is a superuser: access.acl holds for all.
{
  printf 'user_id,password,is_superuser\n'
  printf '%s,%s,false\n' linhaviva "$PLATFORM_PASSWORD" dispatcher "$DISPATCHER_PASSWORD" \
    flows "$FLOWS_PASSWORD" field "$FIELD_PASSWORD"
} >"$users"
unset PLATFORM_PASSWORD DISPATCHER_PASSWORD FLOWS_PASSWORD FIELD_PASSWORD

export EMQX_AUTHENTICATION="[{
  mechanism = password_based, backend = built_in_database, user_id_type = username,
  password_hash_algorithm {name = sha256, salt_position = suffix},
  bootstrap_file = \"$users\", bootstrap_type = plain }]"
export EMQX_AUTHORIZATION__NO_MATCH=deny
export EMQX_AUTHORIZATION__SOURCES='[{type = file, enable = true, path = "/deploy/access.acl"}]'

# By default EMQX drops all but 1,000 messages that wait, and forgets sessions after two hours.
export EMQX_MQTT__MAX_INFLIGHT=2000
export EMQX_MQTT__MAX_MQUEUE_LEN=5000000
export EMQX_MQTT__SESSION_EXPIRY_INTERVAL=14d
export EMQX_MQTT__MAX_PACKET_SIZE=1MB
# Sessions and what waits in them outlive a restart of the broker.
export EMQX_DURABLE_SESSIONS__ENABLE=true
export EMQX_TELEMETRY__ENABLE=false

exec /usr/bin/docker-entrypoint.sh /opt/emqx/bin/emqx foreground
