"""Both ends of a tunnel in Python: `router_ends.py ENDPOINT TOKEN CA SIZE FRAME`; prints MB/s."""

import asyncio
import sys
import time

import grpc
from jumpstarter_protocol import router_pb2, router_pb2_grpc


async def main(endpoint, token, ca, size, frame):
    with open(ca, "rb") as file:
        credentials = grpc.composite_channel_credentials(
            grpc.ssl_channel_credentials(file.read()), grpc.access_token_call_credentials(token)
        )
    async with grpc.aio.secure_channel(endpoint, credentials) as one:
        async with grpc.aio.secure_channel(endpoint, credentials) as other:
            sender, receiver = (router_pb2_grpc.RouterServiceStub(c).Stream() for c in (one, other))
            request = router_pb2.StreamRequest(payload=bytes(int(frame)))
            await sender.write(request)
            await receiver.read()
            began = time.monotonic()
            count = int(size) // int(frame)

            async def send():
                for _ in range(count):
                    await sender.write(request)

            sending = asyncio.create_task(send())
            for _ in range(count):
                await receiver.read()
            await sending
            print(count * int(frame) / (time.monotonic() - began) / 1e6, flush=True)
            await sender.done_writing()
            await receiver.done_writing()


asyncio.run(main(*sys.argv[1:]))
