#!/usr/bin/env bash
# Our gateway, Janus and the floor beside each other, with the same publisher and the same viewers, round by round; tables in
# Markdown go to artifacts/compare, for docs/performance.md.
#   loadtests/compare.sh [rounds, 3] [seconds a measure, 6]
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-3} seconds=${2:-6}
out=artifacts/compare
mkdir -p "$out"
command -v janus > /dev/null || { apt-get update && apt-get install --yes --no-install-recommends janus; }
bash tests/publish.sh
dotnet build loadtests/MediaGateway.LoadTester --configuration Release --nologo --verbosity quiet
# compare NAME SCENARIO OPTION...
compare() {
  local name=$1 scenario=$2
  shift 2
  # A namespace of its own: Janus takes no media on the loopback interface's address.
  bash tests/netns.sh loadtests/MediaGateway.LoadTester/bin/Release/net10.0/mediagateway-loadtest compare \
    "loadtests/MediaGateway.LoadTester/scenarios/$scenario.json" --rounds "$rounds" --warm-up 10 --seconds "$seconds" \
    --markdown "$out/$name.md" "$@"
}
grep -m 1 'model name' /proc/cpuinfo
nproc
uname -r
compare livestream livestream --targets gateway janus-1 janus floor --viewers 10 50 100 200
# So many are too much for Janus on two cores.
compare livestream-500 livestream --targets gateway floor --viewers 500
compare audio-stream audio-stream --targets gateway janus-1 janus floor --viewers 10 200
compare audio-room audio-room --targets gateway janus-1 janus floor --viewers 200
compare meeting meeting --targets gateway janus-1 janus floor --viewers 20
uptime
