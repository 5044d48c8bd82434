#!/bin/sh
# Makes the password file anew, in memory, and starts mosquitto: the platform's users with the passwords that the environment
# gives, and the devices that Linha Viva let in. When it lets one in or shuts one out, mosquitto learns it within two seconds,
# and cuts off who is in no more.
set -eu
umask 077
here=$(dirname "$0")
passwords=${PASSWORD_FILE:-/tmp/passwords}
# Written by Linha Viva, from the credentials that its administrators issue and revoke.
devices=${DEVICES_FILE:-/mosquitto/devices/devices}
: "${PLATFORM_PASSWORD:?is not set}" "${DISPATCHER_PASSWORD:?is not set}"
: "${FLOWS_PASSWORD:?is not set}" "${FIELD_PASSWORD:?is not set}"

# Whole or not at all: mosquitto may read it at any moment. The platform's users come last: no device takes the place of one.
make_passwords() {
  # Devices that somebody entered by hand stand in a file beside this one.
  for file in "$here/devices" "$devices"; do
    if [ -f "$file" ]; then cat "$file"; fi
  done >"$passwords.new" &&
    mosquitto_passwd -b "$passwords.new" linhaviva "$PLATFORM_PASSWORD" &&
    mosquitto_passwd -b "$passwords.new" dispatcher "$DISPATCHER_PASSWORD" &&
    mosquitto_passwd -b "$passwords.new" flows "$FLOWS_PASSWORD" &&
    mosquitto_passwd -b "$passwords.new" field "$FIELD_PASSWORD" &&
    mv "$passwords.new" "$passwords"
}

state() { cksum "$devices" 2>/dev/null || echo none; }

seen=$(state)
make_passwords
# $$ is the number of this shell, and of mosquitto once it has taken its place.
while sleep 1 && kill -0 $$ 2>/dev/null; do
  now=$(state)
  if [ "$now" != "$seen" ] && make_passwords; then
    seen=$now
    kill -HUP $$
  fi
done &

# With server.crt and server.key beside this file there is TLS, on 8883.
config=${CONFIG_FILE:-$here/mosquitto.conf}
if [ -f "$here/server.crt" ]; then
  cat "$config" - >"$passwords.conf" <<END
listener ${TLS_LISTENER:-8883}
certfile $here/server.crt
keyfile $here/server.key
tls_version tlsv1.2
END
  config=$passwords.conf
fi
exec mosquitto -c "$config"
