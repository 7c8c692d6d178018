#!/usr/bin/env bash
# Installs what the tests need beyond the .NET SDK and Node 20, on Debian 12 (root, or with sudo). Run again, it finds
# everything there and does nothing.
#   tests/install.sh [unit|browser|lint|all]
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:-all}

# Older ones end an established DTLS connection when someone forges one short record.
libssl_minimum=3.0.22

packages=()
case $what in
  unit) ;;
  lint) packages+=(shellcheck) ;;
  browser|all)
    packages+=(shellcheck)
    packages+=(chromium firefox-esr pulseaudio fonts-dejavu-core)  # pulseaudio: Firefox's sound needs a device
    packages+=(python3-aiortc python3-av python3-numpy)
    packages+=(golang-go golang-github-pion-webrtc.v3-dev ffmpeg)
    packages+=(python3-grpcio python3-protobuf protobuf-compiler protobuf-compiler-grpc libprotobuf-dev curl)
    packages+=(prometheus systemd openssl logrotate)  # what reads the files in deploy
    packages+=(iproute2 util-linux) ;;
  *) echo "usage: $0 [unit|browser|lint|all]" >&2; exit 2 ;;
esac

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

missing=()
for package in "${packages[@]}"; do
  installed "$package" || missing+=("$package")
done
dpkg --compare-versions "$(dpkg-query -W -f '${Version}' libssl3 2>/dev/null || echo 0)" ge "$libssl_minimum" || missing+=(libssl3)

if [ ${#missing[@]} -gt 0 ]; then
  echo "Installing ${missing[*]}"
  sudo=$([ "$(id -u)" -eq 0 ] || echo sudo)
  $sudo apt-get update -qq
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

case $what in
  unit) folders=() ;;
  lint) folders=(tests/lint) ;;
  *) folders=(tests/browser tests/control tests/lint) ;;
esac
for folder in "${folders[@]}"; do
  if ! [ "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ]; then
    echo "Installing the packages of $folder"
    (cd "$folder" && npm ci --no-progress --loglevel=error && touch node_modules/.package-lock.json)
  fi
done
