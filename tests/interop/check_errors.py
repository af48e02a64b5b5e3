"""Checks what becomes of faulty calls."""

import json
import pathlib
from types import SimpleNamespace
from uuid import uuid4

from checks import check, run
from grpc.aio import AioRpcError
from jumpstarter.client import core
from jumpstarter.common.serde import encode_value
from jumpstarter_protocol import jumpstarter_pb2, router_pb2

CALLS = json.loads(pathlib.Path(__file__).with_name("faulty_calls.json").read_text())

ERRORS = {
    "NOT_FOUND": core.DriverMethodNotImplemented,
    "UNIMPLEMENTED": core.DriverMethodNotImplemented,
    "INVALID_ARGUMENT": core.DriverInvalidArgument,
}


async def status_of(client, call):
    """The status that a call ends with, below the client class and its error mapping."""
    stub, uuid, method = client.stub, str(client.uuid), call["method"]
    arguments = [encode_value(argument) for argument in call.get("args", [])]
    try:
        match call.get("kind", "call"):
            case "call":
                await stub.DriverCall(
                    jumpstarter_pb2.DriverCallRequest(uuid=uuid, method=method, args=arguments)
                )
            case "streaming":
                request = jumpstarter_pb2.StreamingDriverCallRequest(uuid=uuid, method=method, args=arguments)
                async for _ in stub.StreamingDriverCall(request):
                    pass
            case "bytes":
                request = json.dumps({"kind": "driver", "uuid": uuid, "method": method})
                return await stream_status(stub, request)
    except AioRpcError as error:
        assert error.details(), "the status has no text"
        return error.code().name
    return "OK"


async def stream_status(stub, request):
    """The status that a byte stream ends with, which is opened by a request as it stands here."""
    try:
        await stub.Stream(metadata=(("request", request),)).read()
    except AioRpcError as error:
        assert error.details(), "the status has no text"
        return error.code().name
    return "OK"


@check("every faulty call ends with its status")
def _(root):
    root.files.write_bytes("here", b"1")
    wrong = []
    for call in CALLS:
        found = root.portal.call(status_of, root.children[call["driver"]], call)
        if found != call["status"]:
            wrong.append(f"{call['fault']}: {found}, not {call['status']}")
    assert not wrong, "\n".join(wrong)


@check("the client raises the error that fits the status")
def _(root):
    for call in CALLS:
        if call.get("kind", "call") != "call":
            continue
        expected = ERRORS.get(call["status"], core.DriverError)
        try:
            root.children[call["driver"]].call(call["method"], *call.get("args", []))
        except core.DriverError as error:
            assert type(error) is expected, f"{call['fault']}: {error!r}"
            assert call["status"] in str(error), str(error)
        else:
            raise AssertionError(f"{call['fault']}: no error")


@check("a driver that is not there, and a stream request that is none, are UNKNOWN")
def _(root):
    nobody = SimpleNamespace(stub=root.stub, uuid=uuid4())
    for kind in ("call", "streaming", "bytes"):
        found = root.portal.call(status_of, nobody, {"kind": kind, "method": "on"})
        assert found == "UNKNOWN", f"{kind}: {found}"
    for request in ("", "[]", "{}", json.dumps({"kind": "tape", "uuid": str(root.power.uuid)})):
        found = root.portal.call(stream_status, root.stub, request)
        assert found == "UNKNOWN", f"{request}: {found}"


@check("a resource is taken once, by its own driver only, and then ended")
def _(root):
    async def flash():
        request = {"kind": "resource", "uuid": str(root.flasher.uuid), "x_jmp_content_encoding": None}
        stream = root.stub.Stream(metadata=(("request", json.dumps(request)),))
        handle = json.loads(dict(list(await stream.initial_metadata()))["resource"])
        await stream.write(router_pb2.StreamRequest(payload=b"once", frame_type=router_pb2.FRAME_TYPE_DATA))
        await stream.write(router_pb2.StreamRequest(frame_type=router_pb2.FRAME_TYPE_GOAWAY))
        takers = [(root.mux, "write"), (root.flasher, "flash"), (root.flasher, "flash")]
        found = [await status_of(client, {"method": method, "args": [handle]}) for client, method in takers]
        frame = await stream.read()
        assert frame.frame_type == router_pb2.FRAME_TYPE_GOAWAY, frame
        stream.cancel()
        return found

    assert root.portal.call(flash) == ["UNKNOWN", "OK", "UNKNOWN"]


@check("the session goes on after them")
def _(root):
    root.power.on()
    assert root.files.read_bytes("here") == b"1"


run()
