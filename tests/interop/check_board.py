"""Checks the simulated board as a Python test would use it."""

import hashlib
import os
import urllib.request

from anyio import BrokenResourceError, EndOfStream
from checks import check, raises, random_bytes, run
from grpc.aio import AioRpcError
from jumpstarter_driver_network.adapters import TcpPortforwardAdapter

DIR = os.environ["INTEROP_DIR"]
IMAGE = b"VERSION=1.2.3\n" + random_bytes()
BOOT = 20


@check("the parts stand at the top under their own client classes")
def _(root):
    classes = {name: type(client).__name__ for name, client in root.children.items()}
    assert classes == {
        "power": "PowerClient",
        "serial": "PySerialClient",
        "storage": "FlasherClient",
        "web": "NetworkClient",
        "board": "CompositeClient",
    }, classes
    assert root.board.power.uuid == root.power.uuid


@check("10 MiB are flashed and dumped")
def _(root):
    with open(f"{DIR}/image", "wb") as file:
        file.write(IMAGE)
    root.storage.flash(f"{DIR}/image")
    root.storage.dump(f"{DIR}/dump")
    with open(f"{DIR}/dump", "rb") as file:
        assert file.read() == IMAGE


@check("without power the web server refuses")
def _(root):
    with raises((AioRpcError, BrokenResourceError, EndOfStream)):
        with root.web.stream() as stream:
            stream.receive()


@check("pexpect sees the boot log, logs in, and reads the image's hash")
def _(root):
    with root.serial.pexpect() as console:
        root.power.on()
        console.expect(r"VERSION=1\.2\.3|1\.2\.3", timeout=BOOT)
        console.expect_exact("login:", timeout=BOOT)
        console.sendline("root")
        console.expect_exact("# ", timeout=BOOT)
        console.sendline("sha256sum /dev/mmcblk0")
        console.expect(rb"([0-9a-f]{64})  /dev/mmcblk0", timeout=BOOT)
        assert console.match.group(1).decode() == hashlib.sha256(IMAGE).hexdigest()


@check("the power supply measures a running board")
def _(root):
    readings = [(reading.voltage, reading.current) for reading in root.power.read()]
    assert readings == [(5.05, 0.42)], readings


@check("the web server is reached through a forward")
def _(root):
    with TcpPortforwardAdapter(client=root.web) as (host, port):
        with urllib.request.urlopen(f"http://{host}:{port}/", timeout=10) as answer:
            assert answer.status == 200
            assert b"VERSION=1.2.3" in answer.read()


@check("after a power cycle it boots again")
def _(root):
    root.power.off()
    assert [reading.current for reading in root.power.read()] == [0.0]
    with root.serial.pexpect() as console:
        root.power.cycle(0)
        console.expect_exact("login:", timeout=BOOT)
    root.power.off()


run()
