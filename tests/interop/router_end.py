"""One end of a tunnel, bridged as the peer bridges it: `router_end.py ENDPOINT TOKEN CA JOB [SIZE]`.

Jobs: `echo` sends back what comes, until the end; `send` sends SIZE bytes while it reads, and tells
the hashes of both; `hold` sends one byte, and tells how the tunnel ends.
"""

import asyncio
import hashlib
import os
import sys
from base64 import b64encode

from anyio import create_task_group
from jumpstarter.common.streams import connect_router_stream
from jumpstarter.config.tls import TLSConfigV1Alpha1
from jumpstarter.streams.common import create_memory_stream

CHUNK = 65_536


async def echo(stream):
    async for chunk in stream:
        await stream.send(chunk)


async def send(stream, size):
    sent, received, count = hashlib.sha256(), hashlib.sha256(), 0

    async def send_all():
        left = size
        while left > 0:
            chunk = os.urandom(min(left, CHUNK))
            sent.update(chunk)
            await stream.send(chunk)
            left -= len(chunk)
        await stream.send_eof()

    async with create_task_group() as tasks:
        tasks.start_soon(send_all)
        async for chunk in stream:
            received.update(chunk)
            count += len(chunk)
    print(f"sent {sent.hexdigest()} received {count} {received.hexdigest()}", flush=True)


async def hold(stream):
    await stream.send(b"x")
    async for chunk in stream:
        print(f"read {len(chunk)}", flush=True)
    print("end", flush=True)


async def main(endpoint, token, ca, job, size="0"):
    with open(ca, "rb") as file:
        tls = TLSConfigV1Alpha1(ca=b64encode(file.read()).decode())
    near, far = create_memory_stream()
    async with connect_router_stream(endpoint, token, far, tls, {}):
        async with near:
            await {"echo": echo, "send": lambda stream: send(stream, int(size)), "hold": hold}[job](near)
    print("left", flush=True)


asyncio.run(main(*sys.argv[1:]))
