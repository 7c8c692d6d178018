#!/usr/bin/env bash
# Everything that can be said about the sources without running them. The compiler's analyzers are errors in every build
# already; this adds the formatting of the C# and the syntax of the rest.
set -euo pipefail
cd "$(dirname "$0")/.."

echo "C#: dotnet format"
dotnet restore MediaGateway.sln --verbosity quiet
dotnet format MediaGateway.sln --verify-no-changes --no-restore

echo "Shell: bash -n"
git ls-files -z '*.sh' .ci/run | xargs -0 -n 1 bash -n

echo "JavaScript: node --check"
git ls-files '*.mjs' '*.js' | while read -r file; do
  node --input-type=module --check - < "$file" || { echo "in $file" >&2; exit 1; }
done

echo "Python: compile"
git ls-files -z '*.py' | xargs -0 -r -n 1 python3 -c 'import ast, sys; ast.parse(open(sys.argv[1]).read(), sys.argv[1])'

if command -v gofmt >/dev/null; then
  echo "Go: gofmt"
  unformatted=$(git ls-files '*.go' | xargs -r gofmt -l)
  [ -z "$unformatted" ] || { echo "not formatted: $unformatted" >&2; exit 1; }
fi
