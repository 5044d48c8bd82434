#!/bin/sh
# Makes the password file anew at every start, in memory: what stands in the environment is what counts. Devices with users of
# their own stand in the file `devices` beside this one, a line each, as `mosquitto_passwd` writes them.
set -eu
umask 077
here=$(dirname "$0")
passwords=${PASSWORD_FILE:-/tmp/passwords}
: "${PLATFORM_PASSWORD:?is not set}" "${FIELD_PASSWORD:?is not set}"

: >"$passwords"
if [ -f "$here/devices" ]; then cat "$here/devices" >>"$passwords"; fi
mosquitto_passwd -b "$passwords" linhaviva "$PLATFORM_PASSWORD"
mosquitto_passwd -b "$passwords" field "$FIELD_PASSWORD"
exec mosquitto -c "${CONFIG_FILE:-$here/mosquitto.conf}"
