#!/usr/bin/python3
"""A WHIP publisher or WHEP viewer on aiortc: a WebRTC stack that shares no code with browsers or with the gateway.

It prints one JSON object a line: first what the gateway answered, then {"connected": true}, and a viewer, once it has
decoded enough, what it saw and heard. It ends when its standard input does, or after a viewer's report.
"""
import argparse
import asyncio
import fractions
import json
import sys
import urllib.error
import urllib.request

import av
import numpy
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from aiortc.codecs.h264 import H264Encoder

SAMPLE_RATE = 48000
TONE = 440
COLOUR = (200, 40, 40)
WIDTH, HEIGHT, FPS = 320, 240, 15


def say(**values):
    print(json.dumps(values), flush=True)


class ColourTrack(MediaStreamTrack):
    kind = "video"

    def __init__(self):
        super().__init__()
        self._count = 0
        self._start = None

    async def recv(self):
        self._start = self._start or asyncio.get_running_loop().time()
        await asyncio.sleep(max(0, self._start + self._count / FPS - asyncio.get_running_loop().time()))
        picture = numpy.full((HEIGHT, WIDTH, 3), COLOUR, dtype=numpy.uint8)
        bar = self._count * 8 % WIDTH
        picture[-24:, bar:bar + 16] = 255
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts = self._count * 90000 // FPS
        frame.time_base = fractions.Fraction(1, 90000)
        self._count += 1
        return frame


class ToneTrack(MediaStreamTrack):
    kind = "audio"

    def __init__(self):
        super().__init__()
        self._position = 0
        self._start = None

    async def recv(self):
        self._start = self._start or asyncio.get_running_loop().time()
        await asyncio.sleep(max(0, self._start + self._position / SAMPLE_RATE - asyncio.get_running_loop().time()))
        count = SAMPLE_RATE // 50
        times = (self._position + numpy.arange(count)) / SAMPLE_RATE
        samples = (16000 * numpy.sin(2 * numpy.pi * TONE * times)).astype(numpy.int16)
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        frame.pts = self._position
        frame.time_base = fractions.Fraction(1, SAMPLE_RATE)
        self._position += count
        return frame


def request(method, url, token, body=None):
    call = urllib.request.Request(url, method=method, data=body and body.encode())
    call.add_header("Authorization", f"Bearer {token}")
    if body:
        call.add_header("Content-Type", "application/sdp")
    try:
        with urllib.request.urlopen(call, timeout=10) as response:
            return response.status, response.headers.get("Location"), response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, None, error.read().decode()


def prefer(transceiver, codec):
    codecs = RTCRtpSender.getCapabilities("video").codecs
    wanted = [c for c in codecs if c.mimeType.upper() == f"VIDEO/{codec}"]
    transceiver.setCodecPreferences(wanted + [c for c in codecs if c.mimeType.upper() == "VIDEO/RTX"])


def send_parameter_sets_once():
    """Has the H264 encoder behave as those in hardware do: what was said once is not said again."""
    split, said = H264Encoder._split_bitstream, set()

    def split_without_repeats(buffer):
        for unit in split(buffer):
            if unit[0] & 0x1F not in (7, 8) or bytes(unit) not in said:
                said.add(bytes(unit) if unit[0] & 0x1F in (7, 8) else None)
                yield unit

    H264Encoder._split_bitstream = staticmethod(split_without_repeats)


async def see(track, frames):
    """The mean colour of the upper half of the last of so many pictures."""
    for _ in range(frames):
        frame = await track.recv()
    picture = frame.to_ndarray(format="rgb24")
    return {
        "frames": frames,
        "size": f"{frame.width}x{frame.height}",
        "colour": [int(value) for value in picture[: frame.height // 2].reshape(-1, 3).mean(axis=0)],
    }


async def hear(track, seconds):
    """The strongest frequency of the last half second, and the share of the sound's power within 20 Hz of it."""
    heard = numpy.zeros(0)
    while len(heard) < seconds * SAMPLE_RATE:
        frame = await track.recv()
        channels = len(frame.layout.channels)
        heard = numpy.append(heard, frame.to_ndarray().reshape(-1, channels)[:, 0])
    samples = heard[-SAMPLE_RATE // 2:]
    power = numpy.abs(numpy.fft.rfft(samples * numpy.hanning(len(samples)))) ** 2
    strongest = int(power[2:].argmax()) + 2
    return {"frequency": strongest * 2, "share": float(power[strongest - 10:strongest + 11].sum() / max(power.sum(), 1e-9))}


async def standard_input_ends():
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("mode", choices=["publish", "watch"])
    parser.add_argument("--url", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--codec", default="VP8")
    parser.add_argument("--setup", default="actpass", help="the DTLS role that the offer asks for")
    parser.add_argument("--frames", type=int, default=45)
    parser.add_argument("--sets-once", action="store_true", help="send the parameter sets of H264 with the first key frame alone")
    options = parser.parse_args()
    if options.sets_once:
        send_parameter_sets_once()

    pc = RTCPeerConnection()
    tracks = {}
    all_tracks = asyncio.Event()
    connected = asyncio.Event()

    @pc.on("track")
    def on_track(track):
        tracks[track.kind] = track
        if len(tracks) == 2:
            all_tracks.set()

    @pc.on("connectionstatechange")
    def on_state():
        if pc.connectionState == "connected":
            connected.set()

    if options.mode == "publish":
        pc.addTransceiver(ToneTrack(), direction="sendonly")
        prefer(pc.addTransceiver(ColourTrack(), direction="sendonly"), options.codec)
    else:
        pc.addTransceiver("audio", direction="recvonly")
        prefer(pc.addTransceiver("video", direction="recvonly"), options.codec)
    await pc.setLocalDescription(await pc.createOffer())
    offer = pc.localDescription.sdp.replace("a=setup:actpass", f"a=setup:{options.setup}")
    status, location, body = await asyncio.to_thread(request, "POST", options.url, options.token, offer)
    say(status=status, body=body)
    if status != 201:
        await pc.close()
        return
    await pc.setRemoteDescription(RTCSessionDescription(sdp=body, type="answer"))
    await asyncio.wait_for(connected.wait(), 20)
    say(connected=True)

    if options.mode == "publish":
        await standard_input_ends()
    else:
        await asyncio.wait_for(all_tracks.wait(), 10)
        video, audio = await asyncio.wait_for(asyncio.gather(see(tracks["video"], options.frames), hear(tracks["audio"], 2)), 40)
        say(video=video, audio=audio)
    status, _, _ = await asyncio.to_thread(request, "DELETE", urllib.request.urljoin(options.url, location), options.token)
    say(deleted=status)
    await pc.close()


asyncio.run(main())
