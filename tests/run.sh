#!/usr/bin/env bash
# Installs what is missing, builds, and runs the tests:
#   tests/run.sh [unit|browser|all|ci]
# unit: the C# tests and a short fuzz run. browser: real browsers, other WebRTC stacks and the deployment files against
# the gateway as it ships. ci: all, and the linters. The last line sums up; the exit code is 0 only when everything passed.
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:-all}
case $what in unit|browser|all|ci) ;; *) echo "usage: $0 [unit|browser|all|ci]" >&2; exit 2 ;; esac

# In CI the linters have the analyzers, and run while the browsers wait.
lint=no build=()
if [ "$what" = ci ]; then what=all lint=yes build=(-p:RunAnalyzers=false); fi

results=artifacts/test-results
rm -rf "$results"
mkdir -p "$results"
passed=0 failed=0 skipped=0
failures=()

say() { printf '\n=== %s (%d s)\n' "$1" "$SECONDS"; }

count() { passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + ${3:-0})); }

# One thing that counts as one test.
check() {
  local name=$1
  shift
  say "$name"
  if "$@"; then count 1 0; else count 0 1; failures+=("$name"); fi
}

dotnet_tests() {
  local project=$1 trx status=0 ran passes fails
  say "$project"
  trx=$results/$project.trx
  dotnet test "tests/$project" --configuration Release --no-build --nologo \
    --logger "trx;LogFileName=$PWD/$trx" --logger "console;verbosity=minimal" || status=$?
  ran=0 passes=0 fails=0
  if [ -f "$trx" ]; then
    ran=$(counter executed "$trx") passes=$(counter passed "$trx") fails=$(counter failed "$trx")
  fi
  # A test host that died has no failed test to show, and a project that found no test has proved nothing.
  if [ "$fails" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$ran" -eq 0 ]; }; then fails=1; fi
  count "$passes" "$fails" "$(( $(total "$trx") - ran ))"
  [ "$fails" -eq 0 ] || failures+=("$project: $(failed_tests "$trx")")
}

# Names, for the last lines: they are all that some see of a run.
failed_tests() { grep -s '<UnitTestResult [^>]*outcome="Failed"' "$1" | sed 's/.*testName="\([^"]*\)".*/\1/' | paste -sd ';' || true; }

counter() { grep -o "<Counters [^>]*" "$2" | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9'; }

total() { if [ -f "$1" ]; then counter total "$1"; else echo 0; fi; }

# node_tests NAME [COMMAND...] -- FILE...
node_tests() {
  local name=$1 status=0 fails tap command=()
  shift
  while [ "$1" != -- ]; do command+=("$1"); shift; done
  shift
  say "$name"
  tap=$results/$name.tap
  "${command[@]}" node --test --test-concurrency=1 --test-timeout=300000 \
    --test-reporter=spec --test-reporter-destination=stdout \
    --test-reporter=tap --test-reporter-destination="$tap" "$@" || status=$?
  fails=$(( $(tap_count fail "$tap") + $(tap_count cancelled "$tap") ))
  if [ "$fails" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$(tap_count pass "$tap")" -eq 0 ]; }; then fails=1; fi
  count "$(tap_count pass "$tap")" "$fails" "$(tap_count skipped "$tap")"
  [ "$fails" -eq 0 ] || failures+=("$name: $(sed -n 's/^ *not ok [0-9]* - //p' "$tap" | paste -sd ';')")
}

# The linters' output comes whole, when they are done.
finish_linting() {
  local status=0
  wait "$linting" || status=$?
  cat "$results/lint.log"
  return "$status"
}

tap_count() { sed -n "s/^# $1 \([0-9]*\)$/\1/p" "$2" | tail -n 1 | grep . || echo 0; }

tests/install.sh "$what"

if [ "$what" != browser ]; then
  say "Build"
  dotnet build MediaGateway.sln --configuration Release --nologo --verbosity quiet "${build[@]}"
  for project in tests/*.Tests; do
    dotnet_tests "$(basename "$project")"
  done
  check "Fuzzing for 20 s" dotnet run --project tests/MediaGateway.Fuzz --configuration Release --no-build -- --seconds 20
fi

if [ "$what" != unit ]; then
  check "Publish" tests/publish.sh
  check "Pack" tests/pack.sh
  if [ "$lint" = yes ]; then
    # Only with time that nothing else wants (sched(7), SCHED_IDLE).
    chrt --idle 0 bash tests/lint.sh >"$results/lint.log" 2>&1 &
    linting=$!
  fi
  node_tests deployment -- tests/deployment/*.test.mjs
  node_tests interop tests/netns.sh -- tests/interop/*.test.mjs
  node_tests control tests/netns.sh -- tests/control/*.test.mjs
  node_tests browser tests/netns.sh -- tests/browser/*.test.mjs
  if [ "$lint" = yes ]; then
    check "Lint" finish_linting
  fi
fi

for failure in "${failures[@]}"; do echo "failed: $failure"; done
printf '\n%d passed, %d failed%s\n' "$passed" "$failed" "$([ "$skipped" -eq 0 ] || printf ', %d skipped' "$skipped")"
[ "$failed" -eq 0 ]
