"""Checks storage muxes."""

import bz2
import gzip
import lzma
import os

from backports import zstd
from checks import check, raises, random_bytes, run
from jumpstarter.streams.encoding import Compression

CODECS = {Compression.GZIP: gzip, Compression.XZ: lzma, Compression.BZ2: bz2, Compression.ZSTD: zstd}

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


@check("the exporter fetches a URL for a storage")
def _(root):
    # The client of a mux asks for it with the adapter of flashers; the call is the same.
    handle = {"kind": "presigned_request", "method": "GET", "url": os.environ["INTEROP_URL"], "headers": {}}
    root.mux.call("write", handle)
    root.mux.read_local_file(BACK)
    assert read() == b"an image behind a URL"


@check("a flasher behind a mux flashes and dumps")
def _(root):
    write(b"an image")
    root.muxFlasher.flash(SOURCE)
    root.muxFlasher.dump(BACK)
    assert read() == b"an image"


@check("a flasher behind a mux takes any compression, and a URL")
def _(root):
    plain = b"hardware in the loop\n" * 10_000
    for compression, codec in CODECS.items():
        write(codec.compress(plain))
        root.muxFlasher.flash(SOURCE, compression=compression)
        root.muxFlasher.dump(BACK)
        assert read() == plain, compression
        root.muxFlasher.dump(BACK, compression=compression)
        assert codec.decompress(read()) == plain, compression
    root.muxFlasher.flash(os.environ["INTEROP_URL"])
    root.muxFlasher.dump(BACK)
    assert read() == b"an image behind a URL"


@check("a flasher behind a mux takes no target")
def _(root):
    with raises(Exception, "target is not supported"):
        root.muxFlasher.flash(SOURCE, target="boot")


run()
