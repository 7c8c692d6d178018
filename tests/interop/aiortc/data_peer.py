#!/usr/bin/python3
"""Data channels on aiortc, whose SCTP shares no code with usrsctp or with the gateway.

It prints one JSON object a line and takes one a line from standard input, at whose end it ends:
  {"offer": sdp}; takes {"answer": sdp}; {"open": true} once its channels are open; {"text": ...} for each text message;
  {"received": {"bytes", "sha256"}} when so many bytes have come as --expect says.
  takes {"text": ...} and {"binary": bytes} to send; the binary is in messages of 16 KiB, each of one repeated byte.
"""
import argparse
import asyncio
import hashlib
import json
import sys

from aiortc import RTCPeerConnection, RTCSessionDescription

CHUNK = 16 * 1024


def say(**values):
    print(json.dumps(values), flush=True)


async def send_binary(channel, total):
    for index in range(total // CHUNK):
        while channel.bufferedAmount > 1 << 20:
            await asyncio.sleep(0.01)
        channel.send(bytes([index % 251]) * CHUNK)


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--expect", type=int, default=0)
    options = parser.parse_args()
    pc = RTCPeerConnection()
    text = pc.createDataChannel("chat")
    binary = pc.createDataChannel("files")
    opened = asyncio.Event()
    digest = hashlib.sha256()
    count = 0

    def on_open():
        if text.readyState == "open" and binary.readyState == "open":
            opened.set()

    text.on("open", on_open)
    binary.on("open", on_open)
    text.on("message", lambda message: say(text=message))

    @binary.on("message")
    def on_binary(message):
        nonlocal count
        digest.update(message)
        count += len(message)
        if count == options.expect:
            say(received={"bytes": count, "sha256": digest.hexdigest()})

    await pc.setLocalDescription(await pc.createOffer())
    say(offer=pc.localDescription.sdp)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        command = json.loads(line)
        if "answer" in command:
            await pc.setRemoteDescription(RTCSessionDescription(sdp=command["answer"], type="answer"))
            await asyncio.wait_for(opened.wait(), 20)
            say(open=True)
        elif "text" in command:
            text.send(command["text"])
        elif "binary" in command:
            await send_binary(binary, command["binary"])
    await pc.close()


asyncio.run(main())
