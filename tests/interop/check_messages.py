"""Checks datagrams and WebSockets."""

from checks import check, random_bytes, receive, run


@check("udp keeps the bounds of datagrams")
def _(root):
    with root.udp.stream() as stream:
        stream.send(b"one")
        stream.send(b"three")
        assert [stream.receive(), stream.receive()] == [b"one", b"three"]


@check("udp tells its address")
def _(root):
    assert root.udp.address().startswith("udp://127.0.0.1:")


@check("websocket carries messages both ways")
def _(root):
    with root.websocket.stream() as stream:
        for message in (b"one", random_bytes(60_000)):
            stream.send(message)
            assert receive(stream, len(message)) == message


@check("websocket tells its URL")
def _(root):
    address = root.websocket.address()
    assert address.startswith("ws://127.0.0.1:") and address.endswith("/echo"), address


run()
