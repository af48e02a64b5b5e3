"""Measures a session from the stock Python client; a JSON line a figure. Runs inside a `jmp shell`."""

import asyncio
import json
import os
import pathlib
import subprocess
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


def images(root, image):
    size = os.path.getsize(image)

    def rate(work):
        started = time.perf_counter()
        work()
        return size / 1e6 / (time.perf_counter() - started)

    root.flasher.flash(image)
    report("flash, MB/s", rate(lambda: root.flasher.flash(image)))
    report("dump, MB/s", rate(lambda: root.flasher.dump(image + ".copy")))


def peak(pid):
    """The most memory that a process has had, MiB."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


image, load = sys.argv[1:]
with env() as root:
    calls(root)
    with TcpPortforwardAdapter(client=root.tcp) as (_, port):
        subprocess.run([sys.executable, load, str(port)], check=True)
    images(root, image)
report("peak RSS of the client, MiB", peak("self"))
report("peak RSS of the exporter, MiB", peak(os.getppid()))
