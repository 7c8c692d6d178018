#!/usr/bin/env bash
# Packs what other programs build on, the control API's contracts and their client, into artifacts/packages: a folder that NuGet takes as a
# source. tests/deployment/packages.test.mjs builds and runs docs/examples/client from it. tests/lint.sh has the analyzers.
set -euo pipefail
cd "$(dirname "$0")/.."
packages=artifacts/packages
rm -rf "$packages"
for project in MediaGateway.Contracts MediaGateway.Client; do
  dotnet pack "src/$project" --configuration Release -p:RunAnalyzers=false --output "$packages" --nologo --verbosity quiet
done
