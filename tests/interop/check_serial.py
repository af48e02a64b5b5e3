"""Checks serial ports: a loop, a socket, and a terminal whose far end is this script."""

import contextlib
import os

from anyio import BrokenResourceError, EndOfStream
from checks import check, raises, receive, run
from jumpstarter.client.core import DriverError

OPENS = 400
"""How often a stream is left for another at once: about two seconds."""


@contextlib.contextmanager
def device():
    """The far end of `tty`."""
    fd = os.open(os.environ["INTEROP_DEVICE"], os.O_RDWR | os.O_NOCTTY)
    try:
        yield fd
    finally:
        os.close(fd)


def read(fd, size):
    received = b""
    while len(received) < size:
        received += os.read(fd, size - len(received))
    return received


@check("loop:// gives back what is written, to each stream its own")
def _(root):
    with root.loop.stream() as first, root.loop.stream() as second:
        first.send(b"one")
        second.send(b"two")
        assert (receive(second, 3), receive(first, 3)) == (b"two", b"one")


@check("socket:// carries bytes both ways")
def _(root):
    with root.socket.stream() as stream:
        stream.send(b"over a socket")
        assert receive(stream, 13) == b"over a socket"


@check("a terminal carries bytes both ways")
def _(root):
    with device() as fd:
        for turn in range(OPENS):
            with root.tty.stream() as stream:
                stream.send(b"to the device")
                assert read(fd, 13) == b"to the device"
                # An earlier stream, which has been left, does not take it.
                os.write(fd, b"to client %03d" % turn)
                assert receive(stream, 13) == b"to client %03d" % turn


@check("a terminal carries all 256 bytes unchanged")
def _(root):
    every = bytes(range(256))
    with device() as fd, root.tty.stream() as stream:
        stream.send(every)
        assert read(fd, 256) == every
        os.write(fd, every)
        assert receive(stream, 256) == every


@check("a terminal takes a dialogue")
def _(root):
    with device() as fd, root.tty.pexpect() as console:
        console.sendline("marco")
        assert read(fd, 6) == b"marco\n"
        os.write(fd, b"polo 42\r\n")
        console.expect(rb"polo (\d+)\r\n", timeout=5)
        assert console.match.group(1) == b"42"


@check("set_dtr() and set_rts() work where there are such lines")
def _(root):
    for method in ("set_dtr", "set_rts"):
        for value in (True, False):
            assert root.loop.call(method, value) is None


@check("set_dtr() and set_rts() of a pseudo-terminal, which has none, fail in the driver")
def _(root):
    for method in ("set_dtr", "set_rts"):
        with raises(DriverError):
            root.tty.call(method, True)


@check("close() ends the stream that is open, and the port can be opened again")
def _(root):
    with device() as fd:
        with contextlib.suppress(BrokenResourceError), root.tty.stream() as stream:
            assert root.tty.call("close") is None
            with raises((EndOfStream, BrokenResourceError)):
                stream.receive()
        assert root.tty.call("close") is None
        with root.tty.stream() as stream:
            stream.send(b"again")
            assert read(fd, 5) == b"again"


run()
