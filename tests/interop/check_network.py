"""Checks streams to servers, and forwards."""

import contextlib
import os
import re
import socket
import threading

from anyio import BrokenResourceError, EndOfStream
from checks import check, end_sending, raises, random_bytes, receive, receive_end, run
from grpc.aio import AioRpcError
from jumpstarter.client.core import DriverInvalidArgument, DriverMethodNotImplemented
from jumpstarter_driver_network.adapters import TcpPortforwardAdapter, UnixPortforwardAdapter


@contextlib.contextmanager
def server():
    """Listens where `own` and `relay` lead to; gives what accepts a connection."""
    path = os.environ["INTEROP_SOCKET"]
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        try:
            yield lambda: listener.accept()[0]
        finally:
            os.unlink(path)


def read_all(connection):
    return b"".join(iter(lambda: connection.recv(65_536), b""))


def both_ways(client):
    with server() as accept, client.stream() as stream, accept() as far:
        stream.send(b"from the client")
        assert far.recv(100) == b"from the client"
        far.sendall(b"from the server")
        assert receive(stream, 15) == b"from the server"


def client_ends_first(client):
    with server() as accept, client.stream() as stream, accept() as far:
        stream.send(b"last words")
        end_sending(client, stream)
        assert read_all(far) == b"last words"
        far.sendall(b"still here")
        far.shutdown(socket.SHUT_WR)
        assert receive_end(stream) == b"still here"


def server_ends_first(client):
    with server() as accept, client.stream() as stream, accept() as far:
        far.sendall(b"last words")
        far.shutdown(socket.SHUT_WR)
        assert receive_end(stream) == b"last words"
        stream.send(b"still here")
        end_sending(client, stream)
        assert read_all(far) == b"still here"


def through_forwards(client):
    with TcpPortforwardAdapter(client=client) as address:
        through(socket.AF_INET, address)
    with UnixPortforwardAdapter(client=client) as path:
        through(socket.AF_UNIX, str(path))


def through(family, address):
    data = random_bytes(1_000_000)

    def send():
        near.sendall(data)
        near.shutdown(socket.SHUT_WR)

    with socket.socket(family) as near:
        near.connect(address)
        sending = threading.Thread(target=send, daemon=True)
        sending.start()
        assert read_all(near) == data
        sending.join()


for name, ending_at_the_script, echoing in [("tcp", "relay", "tcp"), ("unix", "own", "unix")]:

    @check(f"{name} carries bytes both ways")
    def _(root, client=ending_at_the_script):
        both_ways(root.children[client])

    @check(f"{name} carries on after the client has ended its side")
    def _(root, client=ending_at_the_script):
        client_ends_first(root.children[client])

    @check(f"{name} carries on after the server has ended its side")
    def _(root, client=ending_at_the_script):
        server_ends_first(root.children[client])

    @check(f"{name} is forwarded to a TCP port and to a Unix socket")
    def _(root, client=echoing):
        through_forwards(root.children[client])


@check("tcp gives each stream a connection of its own")
def _(root):
    with root.tcp.stream() as first, root.tcp.stream() as second:
        first.send(b"one")
        second.send(b"two")
        assert (receive(second, 3), receive(first, 3)) == (b"two", b"one")


@check("tcp tells its address, unless that is hidden")
def _(root):
    assert root.tcp.address().startswith("tcp://127.0.0.1:")
    with raises(DriverInvalidArgument, "enable_address"):
        root.hidden.address()


@check("unix has no address")
def _(root):
    with raises(DriverMethodNotImplemented):
        root.unix.address()


@check("echo gives back each chunk as it came, and then the end")
def _(root):
    with root.echo.stream() as stream:
        chunks = [b"a", b"bc", random_bytes(60_000)]
        for chunk in chunks:
            stream.send(chunk)
        assert [stream.receive() for _ in chunks] == chunks
        end_sending(root.echo, stream)
        assert receive_end(stream) == b""


@check("echo is forwarded to a TCP port and to a Unix socket")
def _(root):
    through_forwards(root.echo)


@check("dbus carries bytes both ways")
def _(root):
    both_ways(root.dbus)


@check("dbus tells its kind, and becomes the bus of the environment")
def _(root):
    name = "DBUS_SYSTEM_BUS_ADDRESS"
    before = os.environ[name]
    assert root.dbus.kind == "system"
    assert root.dbus.labels["jumpstarter.dev/dbusnetwork/kind"] == "system"
    with server() as accept, root.dbus:
        found = re.fullmatch(r"tcp:host=127\.0\.0\.1,port=(\d+)", os.environ[name])
        with socket.create_connection(("127.0.0.1", int(found[1]))) as near, accept() as far:
            near.sendall(b"\0AUTH EXTERNAL 30\r\n")
            assert far.recv(100) == b"\0AUTH EXTERNAL 30\r\n"
            far.sendall(b"OK 1234\r\n")
            assert near.recv(100) == b"OK 1234\r\n"
    assert os.environ[name] == before


@check("udp carries the datagrams of two programs at once, the largest ones too")
def _(root):
    # The peer forwards no datagrams: a stream of its own for each program is all that there is.
    with root.udp.stream() as first, root.udp.stream() as second:
        first.send(b"one")
        second.send(b"two")
        assert (second.receive(), first.receive()) == (b"two", b"one")
        largest = random_bytes(65_507)
        first.send(largest)
        assert first.receive() == largest


@check("websocket is forwarded to a TCP port")
def _(root):
    with TcpPortforwardAdapter(client=root.websocket) as address:
        with socket.create_connection(address) as near:
            for message in (b"one", random_bytes(60_000)):
                near.sendall(message)
                assert near.recv(len(message), socket.MSG_WAITALL) == message


@check("a stream to where nobody listens fails, and the session goes on")
def _(root):
    with raises((AioRpcError, BrokenResourceError, EndOfStream)):
        with root.dead.stream() as stream:
            stream.receive()
    assert root.tcp.address()


run()
