#!/usr/bin/env bash
# Makes the slates that ship with the gateway: a picture that stands still, 2 s at 10 frames a second, one key frame and 19
# frames that change nothing, in VP8 (IVF) and constrained baseline H.264 (Annex B). Needs ffmpeg with libvpx and libx264.
set -euo pipefail
cd "$(dirname "$0")"

make() {
  local name=$1 picture=$2
  local input=(-v error -y -f lavfi -i "${picture}size=640x360:rate=10:duration=2" -pix_fmt yuv420p -fflags +bitexact -flags:v +bitexact -threads 1)
  ffmpeg "${input[@]}" -c:v libvpx -b:v 200k -quality good -cpu-used 0 -qmin 10 -g 1000 -auto-alt-ref 0 -lag-in-frames 0 -f ivf "$name.ivf"
  ffmpeg "${input[@]}" -c:v libx264 -profile:v baseline -level 3.1 -preset veryslow -tune zerolatency -crf 23 \
    -x264-params "keyint=infinite:scenecut=0:repeat-headers=1:sliced-threads=0:aud=0:info=0:sei=0" -bsf:v "filter_units=remove_types=6" -f h264 "$name.h264"
}

make bars smptehdbars=
make black color=color=black:
