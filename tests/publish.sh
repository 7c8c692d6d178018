#!/usr/bin/env bash
# Builds the gateway as it ships into artifacts/publish. CI tests these files and the Dockerfile makes them with this
# same script, so what was tested is what runs.
set -euo pipefail
cd "$(dirname "$0")/.."
case $(uname -m) in
  x86_64) runtime=linux-x64 ;;
  aarch64) runtime=linux-arm64 ;;
  *) echo "there is no .NET for $(uname -m)" >&2; exit 1 ;;
esac
# Compiled ahead (ReadyToRun), so that the first clients after a start do not wait for the compiler. tests/lint.sh has the analyzers.
dotnet publish src/MediaGateway.Server --configuration Release --runtime "$runtime" --self-contained false \
  -p:PublishReadyToRun=true -p:RunAnalyzers=false --output artifacts/publish --nologo --verbosity quiet
