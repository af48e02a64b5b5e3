"""Checks storage muxes."""

import os

from checks import check, raises, random_bytes, run

PLACE = os.environ["INTEROP_DIR"]
SOURCE, BACK = f"{PLACE}/mux-source", f"{PLACE}/mux-back"


def write(data):
    with open(SOURCE, "wb") as file:
        file.write(data)


def read():
    with open(BACK, "rb") as file:
        return file.read()


@check("a fresh storage is empty")
def _(root):
    root.mux.read_local_file(BACK)
    assert read() == b""


@check("1 MB is written and read")
def _(root):
    data = random_bytes(1_000_000)
    write(data)
    root.mux.write_local_file(SOURCE)
    root.mux.read_local_file(BACK)
    assert read() == data


@check("host(), dut() and off() give nothing back")
def _(root):
    assert [root.mux.host(), root.mux.dut(), root.mux.off()] == [None, None, None]


@check("a flasher behind a mux flashes and dumps")
def _(root):
    write(b"an image")
    root.muxFlasher.flash(SOURCE)
    root.muxFlasher.dump(BACK)
    assert read() == b"an image"


@check("a flasher behind a mux takes no target")
def _(root):
    with raises(Exception, "target is not supported"):
        root.muxFlasher.flash(SOURCE, target="boot")


run()
