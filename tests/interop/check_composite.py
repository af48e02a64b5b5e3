"""Checks the tree: groups, proxies, labels."""

from checks import check, run

ENTRIES = [
    *["power", "rack", "alias", "twin", "echo", "tcp", "hidden", "relay", "unix", "own"],
    *["dbus", "dead", "loop", "socket", "tty", "files", "mirror", "flasher"],
    *["udp", "websocket", "mux", "muxFlasher", "shell"],
]


@check("the tree has every entry in the order of the file, groups and proxies included")
def _(root):
    # The client puts children in an order of its own; the report has that of the file.
    assert set(root.children) == set(ENTRIES), set(root.children) ^ set(ENTRIES)
    from google.protobuf import empty_pb2

    async def names():
        report = await root.stub.GetReport(empty_pb2.Empty())
        top = report.reports[0].uuid
        return [r.labels["jumpstarter.dev/name"] for r in report.reports if r.parent_uuid == top]

    assert root.portal.call(names) == ENTRIES
    assert list(root.rack.children) == ["spare"]


@check("labels and descriptions come through")
def _(root):
    assert root.power.description == "Main rail"
    assert root.power.labels["rail"] == "12v"
    assert root.power.labels["jumpstarter.dev/name"] == "power"
    assert root.labels["jumpstarter.dev/client"].endswith(".CompositeClient")
    assert type(root.rack).__name__ == "CompositeClient"
    assert type(root.files).__name__ == "OpendalClient"


@check("a proxy is the driver it names, and a proxy of a group has all of it")
def _(root):
    assert root.alias.uuid == root.rack.spare.uuid
    assert root.twin.uuid == root.rack.uuid
    assert root.twin.spare.uuid == root.rack.spare.uuid
    for supply in (root.alias, root.rack.spare, root.twin.spare):
        supply.on()
        supply.off()


@check("what is written through a proxy is read through the driver")
def _(root):
    root.mirror.write_bytes("seen", b"through the mirror")
    assert root.files.read_bytes("seen") == b"through the mirror"


run()
