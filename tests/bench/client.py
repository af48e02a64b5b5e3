"""Measures a session from the stock Python client; a JSON line a figure. Runs inside a `jmp shell`."""

import asyncio
import json
import resource
import socket
import sys
import time

from jumpstarter.utils.env import env
from jumpstarter_driver_network.adapters import TcpPortforwardAdapter


def report(name, value):
    print(json.dumps({"name": name, "value": value}), flush=True)


def calls(root):
    power = root.power

    async def sequential(count):
        times = []
        for _ in range(count):
            started = time.perf_counter()
            await power.call_async("on")
            times.append(time.perf_counter() - started)
        return times

    async def concurrent():
        async def worker():
            for _ in range(60):
                await power.call_async("on")

        started = time.perf_counter()
        await asyncio.gather(*(worker() for _ in range(64)))
        return 64 * 60 / (time.perf_counter() - started)

    root.portal.call(sequential, 200)
    times = root.portal.call(sequential, 2000)
    report("calls/s, 1 in flight", len(times) / sum(times))
    times.sort()
    report("call p50, ms", times[len(times) // 2] * 1000)
    report("call p99, ms", times[len(times) * 99 // 100] * 1000)
    report("calls/s, 64 in flight", root.portal.call(concurrent))


def pour(address, size, total):
    piece = bytes(size)
    with socket.create_connection(address) as connection:
        connection.sendall(b"sink\n")
        started = time.perf_counter()
        sent = 0
        while sent < total:
            connection.sendall(piece)
            sent += size
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(64):
            pass
        return total / 1e6 / (time.perf_counter() - started)


def round_trips(address):
    times = []
    with socket.create_connection(address) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(b"echo\n")
        for trip in range(2000):
            started = time.perf_counter()
            connection.sendall(b"x")
            connection.recv(1)
            if trip >= 200:
                times.append(time.perf_counter() - started)
    return sorted(times)


def forwards(root):
    with TcpPortforwardAdapter(client=root.tcp) as address:
        pour(address, 65_536, 20_000_000)
        report("forward 64 KiB writes, MB/s", pour(address, 65_536, 300_000_000))
        report("forward 1 KiB writes, MB/s", pour(address, 1_024, 60_000_000))
        times = round_trips(address)
        report("round trip of 1 byte p50, µs", times[len(times) // 2] * 1e6)
        report("round trip of 1 byte p99, µs", times[len(times) * 99 // 100] * 1e6)


def images(root, image, size):
    def rate(work):
        started = time.perf_counter()
        work()
        return size / 1e6 / (time.perf_counter() - started)

    root.flasher.flash(image)
    report("flash, MB/s", rate(lambda: root.flasher.flash(image)))
    report("dump, MB/s", rate(lambda: root.flasher.dump(image + ".copy")))


with env() as root:
    calls(root)
    forwards(root)
    images(root, sys.argv[1], int(sys.argv[2]))
report("RSS of the client, MiB", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
