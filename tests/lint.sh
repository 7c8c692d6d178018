#!/usr/bin/env bash
# Everything that can be said about the sources without running them: the analyzers and the formatting of the C#, and the linters of the
# rest. What the analyzers build stays apart, in artifacts/lint, so that tests may run at the same time.
set -euo pipefail
cd "$(dirname "$0")/.."

echo "C#: formatting"
# Style and analyzers are the compiler's (EnforceCodeStyleInBuild), below.
dotnet format whitespace . --folder --verify-no-changes

echo "C#: analyzers"
# Without build servers, which would keep the priority that they were started with.
dotnet build MediaGateway.sln --configuration Release --artifacts-path artifacts/lint --disable-build-servers --nologo --verbosity quiet

tests/install.sh lint

echo "Shell: shellcheck"
git ls-files -z '*.sh' .ci/run | xargs -0 shellcheck

echo "JavaScript: eslint"
git ls-files -z '*.mjs' '*.js' | xargs -0 tests/lint/node_modules/.bin/eslint --config tests/lint/eslint.config.js --max-warnings 0

echo "Markdown: markdownlint"
git ls-files -z '*.md' | xargs -0 tests/lint/node_modules/.bin/markdownlint-cli2 --no-globs --config tests/lint/.markdownlint-cli2.yaml >/dev/null

echo "Python: compile"
git ls-files -z '*.py' | xargs -0 -r -n 1 python3 -c 'import ast, sys; ast.parse(open(sys.argv[1]).read(), sys.argv[1])'

if command -v gofmt >/dev/null; then
  echo "Go: gofmt"
  unformatted=$(git ls-files '*.go' | xargs -r gofmt -l)
  [ -z "$unformatted" ] || { echo "not formatted: $unformatted" >&2; exit 1; }
fi
