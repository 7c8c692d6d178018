#!/usr/bin/env bash
# Installs what is missing, builds, and runs the tests:
#   tests/run.sh [unit|browser|all|ci]
# unit: the C# tests and a short fuzz run. browser: attack drills, real browsers, other WebRTC stacks and the deployment files against
# the gateway as it ships. ci: all, and the linters. The last line sums up; the exit code is 0 only when everything passed.
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:-all}
case $what in unit|browser|all|ci) ;; *) echo "usage: $0 [unit|browser|all|ci]" >&2; exit 2 ;; esac

# In CI the linters have the analyzers, and what needs no time of its own is run beside the rest.
virtual=(MediaGateway.Rtc.Tests MediaGateway.Sfu.Tests)
lint=no build=()
if [ "$what" = ci ]; then what=all lint=yes build=(-p:RunAnalyzers=false); fi

results=artifacts/test-results
rm -rf "$results"
mkdir -p "$results"
# One compiler for all builds of the run, which is warm after the first project. It is told apart from others by its id, and ends with us.
export UseSharedCompilation=true SharedCompilationId=mediagateway-tests-$$
trap 'pkill -f -- "-pipename:$SharedCompilationId" || true' EXIT

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

# run_dotnet PROJECT: leaves its results for count_dotnet.
run_dotnet() {
  local project=$1 status=0
  dotnet test "tests/$project" --configuration Release --no-build --nologo \
    --logger "trx;LogFileName=$PWD/$results/$project.trx" --logger "console;verbosity=minimal" || status=$?
  echo "$status" >"$results/$project.status"
}

count_dotnet() {
  local project=$1 trx=$results/$1.trx status ran=0 passes=0 fails=0
  status=$(cat "$results/$project.status" 2>/dev/null || echo 1)
  if [ -f "$trx" ]; then
    ran=$(counter executed "$trx") passes=$(counter passed "$trx") fails=$(counter failed "$trx")
  fi
  # A test host that died has no failed test to show, and a project that found no test has proved nothing.
  if [ "$fails" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$ran" -eq 0 ]; }; then fails=1; fi
  count "$passes" "$fails" "$(( $(total "$trx") - ran ))"
  [ "$fails" -eq 0 ] || failures+=("$project: $(failed_tests "$trx")")
}

dotnet_tests() {
  say "$1"
  run_dotnet "$1"
  count_dotnet "$1"
}

# Names, for the last lines: they are all that some see of a run.
failed_tests() { grep -s '<UnitTestResult [^>]*outcome="Failed"' "$1" | sed 's/.*testName="\([^"]*\)".*/\1/' | paste -sd ';' || true; }

counter() { grep -o "<Counters [^>]*" "$2" | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9'; }

total() { if [ -f "$1" ]; then counter total "$1"; else echo 0; fi; }

# run_node SUITE: leaves its results for count_node.
run_node() {
  local suite=$1 status=0 command=() files=()
  # Fifty clients fill the cores by themselves, so they come after everything else.
  case $suite in
    browser) mapfile -t files < <(find tests/browser -maxdepth 1 -name '*.test.mjs' ! -name restart.test.mjs | sort) ;;
    restart) files=(tests/browser/restart.test.mjs) ;;
    *) files=(tests/"$suite"/*.test.mjs) ;;
  esac
  # Those that need addresses of their own have a network of their own.
  [ "$suite" = deployment ] || command=(tests/netns.sh)
  "${command[@]}" node --test --test-concurrency=1 --test-timeout=600000 \
    --test-reporter=spec --test-reporter-destination=stdout \
    --test-reporter=tap --test-reporter-destination="$results/$suite.tap" "${files[@]}" || status=$?
  echo "$status" >"$results/$suite.status"
}

count_node() {
  local suite=$1 tap=$results/$1.tap status fails
  status=$(cat "$results/$suite.status" 2>/dev/null || echo 1)
  fails=$(( $(tap_count fail "$tap") + $(tap_count cancelled "$tap") ))
  if [ "$fails" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$(tap_count pass "$tap")" -eq 0 ]; }; then fails=1; fi
  count "$(tap_count pass "$tap")" "$fails" "$(tap_count skipped "$tap")"
  [ "$fails" -eq 0 ] || failures+=("$suite: $(sed -n 's/^ *not ok [0-9]* - //p' "$tap" | paste -sd ';')")
}

node_tests() {
  say "$1"
  run_node "$1"
  count_node "$1"
}

# Its results have the form of those of the suites in node. It forges addresses, which takes a network of its own.
attack_drills() {
  local status=0
  say "attack"
  tests/netns.sh dotnet run --project tests/MediaGateway.Attack --configuration Release --no-build -- --seconds 0.5 --tap "$results/attack.tap" || status=$?
  echo "$status" >"$results/attack.status"
  count_node attack
}

# Suites that wait most of the time and measure none, beside each other. Their output comes whole, one after the other.
node_tests_together() {
  local suite running=()
  say "$*"
  for suite in "$@"; do
    run_node "$suite" >"$results/$suite.log" 2>&1 &
    running+=("$!")
  done
  wait "${running[@]}" || true
  for suite in "$@"; do
    say "$suite"
    cat "$results/$suite.log"
    count_node "$suite"
  done
}

# As the image is built: by the same script, from what .dockerignore leaves of the repository and from nothing else.
publish_from_context() {
  local context status=0
  context=$(mktemp -d)
  sed -n 's/^!//p' .dockerignore | tar --create --exclude=bin --exclude=obj --files-from=- | tar --extract --directory="$context"
  (cd "$context" && bash tests/publish.sh) || status=$?
  rm -rf artifacts/publish
  [ "$status" -ne 0 ] || mv "$context/artifacts/publish" artifacts/publish
  rm -rf "$context"
  return "$status"
}

# In CI what does not mind how long it takes has the time that nothing else wants (sched(7), SCHED_IDLE).
idly() {
  chrt --idle --pid 0 "$BASHPID"
  # A node of MSBuild that is used again would be as idle.
  export MSBUILDDISABLENODEREUSE=1
  "$@"
}

# Beside the suites in node, which wait much of the time: tests in virtual time, and the linters.
test_in_spare_time() {
  local project
  for project in "${virtual[@]}"; do
    run_dotnet "$project" >"$results/$project.log" 2>&1
  done
  fuzz >"$results/fuzz.log" 2>&1 && touch "$results/fuzz.passed"
  bash tests/lint.sh >"$results/lint.log" 2>&1 && touch "$results/lint.passed"
}

# Their output comes whole, when they are done.
count_spare_time() {
  local project
  wait "$spare" || true
  for project in "${virtual[@]}"; do
    say "$project"
    cat "$results/$project.log"
    count_dotnet "$project"
  done
  check "Fuzzing for 20 s" passed_meanwhile fuzz
  check "Lint" passed_meanwhile lint
}

passed_meanwhile() {
  cat "$results/$1.log"
  [ -f "$results/$1.passed" ]
}

fuzz() { dotnet run --project tests/MediaGateway.Fuzz --configuration Release --no-build -- --seconds 20; }

tap_count() { sed -n "s/^# $1 \([0-9]*\)$/\1/p" "$2" 2>/dev/null | tail -n 1 | grep . || echo 0; }

say "Build"
tests/install.sh "$what" >"$results/install.log" 2>&1 &
installing=$!
if [ "$what" != browser ]; then
  # Not to our own output: the compiler stays, and who reads that would wait for it.
  dotnet build MediaGateway.sln --configuration Release --nologo --verbosity quiet "${build[@]}" >"$results/build.log" 2>&1 ||
    { cat "$results/build.log"; exit 1; }
  cat "$results/build.log"
fi
wait "$installing" || { cat "$results/install.log"; exit 1; }

if [ "$what" != browser ]; then
  for project in tests/*.Tests; do
    project=$(basename "$project")
    [[ $lint = yes && " ${virtual[*]} " = *" $project "* ]] || dotnet_tests "$project"
  done
  [ "$lint" = yes ] || check "Fuzzing for 20 s" fuzz
fi

if [ "$what" != unit ]; then
  check "Publish" publish_from_context
  check "Pack" tests/pack.sh
  if [ "$lint" = yes ]; then
    idly test_in_spare_time &
    spare=$!
  fi
  [ "$what" != browser ] || dotnet build tests/MediaGateway.Attack --configuration Release --nologo --verbosity quiet
  attack_drills
  node_tests_together deployment interop
  for suite in control browser; do node_tests "$suite"; done
  [ "$lint" = no ] || count_spare_time
  node_tests restart
fi

for failure in "${failures[@]}"; do echo "failed: $failure"; done
printf '\n%d passed, %d failed%s\n' "$passed" "$failed" "$([ "$skipped" -eq 0 ] || printf ', %d skipped' "$skipped")"
[ "$failed" -eq 0 ]
