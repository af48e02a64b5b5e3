"""Loads a forwarded port, the same way whoever forwards it; a JSON line a figure."""

import json
import socket
import sys
import threading
import time

MIB = 1024 * 1024


def report(name, value):
    print(json.dumps({"name": name, "value": value}), flush=True)


def quantile(times, part):
    return sorted(times)[int(len(times) * part)]


def connect(port, what):
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sendall(what)
    return connection


def drain(connection):
    while connection.recv(MIB):
        pass


def pour(port, what, size, total):
    """Megabytes a second that go in, until the far end has taken (or sent back) all of it."""
    piece = bytes(size)
    with connect(port, what) as connection:
        reader = threading.Thread(target=drain, args=(connection,))
        reader.start()
        started = time.perf_counter()
        for _ in range(total // size):
            connection.sendall(piece)
        connection.shutdown(socket.SHUT_WR)
        reader.join()
        return total / 1e6 / (time.perf_counter() - started)


def trips(port, warm, count):
    times = []
    with connect(port, b"echo\n") as connection:
        for trip in range(warm + count):
            started = time.perf_counter()
            connection.sendall(b"x")
            connection.recv(1)
            if trip >= warm:
                times.append(time.perf_counter() - started)
    return times


port = int(sys.argv[1])
pour(port, b"sink\n", 65_536, 50 * MIB)
report("forward, 64 KiB writes, MB/s", pour(port, b"sink\n", 65_536, 400 * MIB))
report("forward, 1 KiB writes, MB/s", pour(port, b"sink\n", 1_024, 100 * MIB))
report("forward, echoed, MB/s", pour(port, b"echo\n", 65_536, 100 * MIB))
times = trips(port, 500, 3_000)
report("round trip of 1 byte p50, µs", quantile(times, 0.5) * 1e6)
report("round trip of 1 byte p99, µs", quantile(times, 0.99) * 1e6)
