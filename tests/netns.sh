#!/usr/bin/env bash
# Runs a command in a network namespace of its own, which ends with the command:
#   tests/netns.sh COMMAND [ARGUMENT...]
# There a test host has one address (192.0.2.1, RFC 5737), a default route and no way out. Browsers need
# the route to gather ICE candidates (Firefox gathers none without), no port can collide with another
# program's, and nothing that a browser tries to fetch for itself leaves the machine.
set -euo pipefail

[ $# -gt 0 ] || { echo "usage: $0 COMMAND [ARGUMENT...]" >&2; exit 2; }

namespace=(unshare --net)
[ "$(id -u)" -eq 0 ] || namespace=(unshare --user --map-root-user --net)

exec "${namespace[@]}" -- bash -c '
  set -euo pipefail
  ip link set lo up
  ip link add host type veth peer name far
  ip link set far up
  ip link set host up
  ip address add 192.0.2.1/24 dev host
  ip route add default via 192.0.2.254
  export TEST_HOST_ADDRESS=192.0.2.1
  exec "$@"
' netns "$@"
