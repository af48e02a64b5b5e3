"""Calls every driver method of the bench with the stock Python client; one line a check."""

import hashlib
import os
import socket
import tempfile
import traceback

from google.protobuf import empty_pb2
from jumpstarter.client.core import DriverError
from jumpstarter.utils.env import env
from jumpstarter_driver_network.adapters import TcpPortforwardAdapter
from jumpstarter_protocol import jumpstarter_pb2

CHECKS = {}


def check(name):
    def register(function):
        CHECKS[name] = function
        return function

    return register


def echoed(client, data=b"hello", half_close=False):
    with client.stream() as stream:
        stream.send(data)
        received = b""
        while len(received) < len(data):
            received += stream.receive()
        assert received == data, received


@check("composite: the tree has every child, groups and proxies included")
def _(root):
    names = ["power", "alias", "rack", "echo", "tcp", "unix", "loop", "tty", "socket", "files", "flasher"]
    assert list(root.children) == names, list(root.children)
    assert list(root.rack.children) == ["spare"]
    assert root.power.description == "Main rail"


@check("composite: a proxy reaches the same driver")
def _(root):
    assert root.alias.uuid == root.rack.spare.uuid
    root.alias.on()
    root.rack.spare.off()


@check("power: on, off, cycle")
def _(root):
    assert root.power.on() is None
    root.power.off()
    root.power.cycle(0)


@check("power: read")
def _(root):
    readings = [(r.voltage, r.current) for r in root.power.read()]
    assert readings == [(0.0, 0.0), (5.0, 2.0)], readings


@check("echo: connect")
def _(root):
    echoed(root.echo)
    echoed(root.echo, os.urandom(300_000)[:60_000])


@check("tcp: connect, with half-close")
def _(root):
    echoed(root.tcp)
    with TcpPortforwardAdapter(client=root.tcp) as (host, port):
        with socket.create_connection((host, port)) as connection:
            connection.sendall(b"bye")
            connection.shutdown(socket.SHUT_WR)
            received = b""
            while chunk := connection.recv(100):
                received += chunk
            assert received == b"bye", received


@check("tcp: address")
def _(root):
    assert root.tcp.address().startswith("tcp://127.0.0.1:")


@check("tcp: port forward")
def _(root):
    data = os.urandom(1_000_000)
    with TcpPortforwardAdapter(client=root.tcp) as (host, port):
        with socket.create_connection((host, port)) as connection:
            received = b""
            for start in range(0, len(data), 50_000):
                connection.sendall(data[start : start + 50_000])
                while len(received) < start + 50_000:
                    received += connection.recv(65_536)
            assert received == data


@check("unix: connect")
def _(root):
    echoed(root.unix)


@check("serial: connect to loop://")
def _(root):
    echoed(root.loop)


@check("serial: connect to a tty")
def _(root):
    # One stream only: the client lets go of a stream some time after it is left, and two readers
    # of one port take each other's bytes.
    with root.tty.pexpect() as console:
        console.sendline("marco")
        console.expect("marco", timeout=5)


@check("serial: connect to socket://")
def _(root):
    echoed(root.socket)


@check("serial: set_dtr, set_rts, close")
def _(root):
    assert root.loop.call("set_dtr", True) is None
    assert root.loop.call("set_rts", False) is None
    assert root.loop.call("close") is None


@check("files: 10 MiB there and back")
def _(root):
    data = os.urandom(10 * 1024 * 1024)
    root.files.write_bytes("big", data)
    assert root.files.read_bytes("big") == data
    assert root.files.hash("big") == hashlib.sha256(data).hexdigest()
    with tempfile.TemporaryDirectory() as place:
        source, back = f"{place}/source", f"{place}/back"
        open(source, "wb").write(data)
        root.files.write_from_path("big2", source)
        root.files.read_into_path("big2", back)
        assert open(back, "rb").read() == data


@check("files: open, seek, tell, close and what the file can do")
def _(root):
    root.files.write_bytes("digits", b"0123456789")
    file = root.files.open("digits", "rb")
    assert (file.readable(), file.seekable(), file.writable()) == (True, True, False)
    assert file.seek(7) == 7
    assert file.tell() == 7
    assert file.seek(-2, 2) == 8
    assert file.read_bytes() == b"89"
    assert not file.closed
    file.close()
    assert file.closed
    file = root.files.open("digits", "wb")
    assert (file.readable(), file.seekable(), file.writable()) == (False, False, True)
    file.close()


@check("files: stat and hash")
def _(root):
    root.files.write_bytes("abc", b"abc")
    stat = root.files.stat("abc")
    assert (stat.content_length, stat.mode.is_file(), stat.mode.is_dir()) == (3, True, False)
    assert root.files.hash("abc", "md5") == hashlib.md5(b"abc").hexdigest()


@check("files: copy, rename, delete, remove_all, create_dir, exists")
def _(root):
    files = root.files
    files.write_bytes("a", b"1")
    files.copy("a", "b")
    files.rename("b", "c")
    files.delete("a")
    files.create_dir("dir/sub/")
    seen = [files.exists(path) for path in ("a", "b", "c", "dir/", "dir/sub/")]
    assert seen == [False, False, True, True, True], seen
    files.remove_all("dir/")
    assert not files.exists("dir/")


@check("files: list and scan")
def _(root):
    root.files.write_bytes("tree/x", b"")
    root.files.write_bytes("tree/deep/y", b"")
    assert sorted(root.files.list("tree/")) == ["tree/", "tree/deep/", "tree/x"]
    assert sorted(root.files.scan("tree/")) == ["tree/", "tree/deep/", "tree/deep/y", "tree/x"]


@check("files: capability and presigned requests")
def _(root):
    capability = root.files.capability()
    assert (capability.read, capability.presign_read) == (True, False)
    for presign in (root.files.presign_stat, root.files.presign_read, root.files.presign_write):
        try:
            presign("abc", 60)
        except DriverError:
            continue
        raise AssertionError("a presigned request for a local file")


@check("files: created resources")
def _(root):
    root.files.write_bytes("made", b"")
    root.files.call("register_path", "registered/")
    made = set(root.files.get_created_resources())
    assert {"made", "registered"} <= made, made


@check("flasher: flash and dump 10 MiB")
def _(root):
    data = os.urandom(10 * 1024 * 1024)
    with tempfile.TemporaryDirectory() as place:
        source, back = f"{place}/source", f"{place}/back"
        open(source, "wb").write(data)
        root.flasher.flash(source)
        root.flasher.dump(back)
        assert open(back, "rb").read() == data


@check("flasher: partitions")
def _(root):
    with tempfile.TemporaryDirectory() as place:
        source, back = f"{place}/source", f"{place}/back"
        open(source, "wb").write(b"boot")
        root.flasher.flash(source, target="boot")
        root.flasher.dump(back, target="boot")
        assert open(back, "rb").read() == b"boot"
        try:
            root.flasher.dump(back, target="nothing")
        except Exception as error:
            # The client's task groups wrap the driver's error, some of them twice.
            while isinstance(error, BaseExceptionGroup):
                error = error.exceptions[0]
            assert isinstance(error, DriverError), error
            return
        raise AssertionError("a dump of what was never flashed")


@check("errors: unknown method, surplus argument, unknown file")
def _(root):
    calls = [(root.power, "nope", ()), (root.power, "on", (1,)), (root.files, "stat", ("nope",))]
    for client, method, arguments in calls:
        try:
            client.call(method, *arguments)
        except DriverError:
            continue
        raise AssertionError(method)


@check("session: status")
def _(root):
    status = root.portal.call(root.stub.GetStatus, jumpstarter_pb2.GetStatusRequest())
    assert (status.status, status.status_version) == (4, 1), status


@check("session: log")
def _(root):
    root.power.on()

    async def read():
        async for record in root.stub.LogStream(empty_pb2.Empty()):
            if record.message == "power on":
                return record.severity, record.source
        return None

    assert root.portal.call(read) == ("INFO", 1)


def main():
    with env() as root:
        for name, function in CHECKS.items():
            try:
                function(root)
                print(f"ok {name}", flush=True)
            except Exception:
                reason = traceback.format_exc().strip().replace("\n", " | ")
                print(f"failed {name}: {reason}", flush=True)


if __name__ == "__main__":
    main()
