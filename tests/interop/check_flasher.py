"""Checks the mock flasher."""

import gzip
import os

from checks import check, raises, random_bytes, run
from jumpstarter.client.core import DriverError
from jumpstarter.streams.encoding import Compression

DIR = os.environ["INTEROP_DIR"]
SOURCE, BACK = f"{DIR}/image", f"{DIR}/dump"


def write(data):
    with open(SOURCE, "wb") as file:
        file.write(data)


def dumped(flasher, **options):
    flasher.dump(BACK, **options)
    with open(BACK, "rb") as file:
        return file.read()


@check("10 MiB are flashed and dumped")
def _(root):
    data = random_bytes()
    write(data)
    root.flasher.flash(SOURCE)
    assert dumped(root.flasher) == data


@check("each partition keeps its own image")
def _(root):
    write(b"the boot loader")
    root.flasher.flash(SOURCE, target="boot")
    write(b"the root file system")
    root.flasher.flash({"root": SOURCE, "spare": SOURCE})
    assert dumped(root.flasher, target="boot") == b"the boot loader"
    assert dumped(root.flasher, target="root") == b"the root file system"
    assert dumped(root.flasher, target="spare") == b"the root file system"


@check("nothing at all is flashed and dumped")
def _(root):
    write(b"")
    root.flasher.flash(SOURCE, target="empty")
    assert dumped(root.flasher, target="empty") == b""


@check("a gzip image is stored plain, and dumped as gzip")
def _(root):
    plain = b"hardware in the loop\n" * 100_000
    write(gzip.compress(plain))
    root.flasher.flash(SOURCE, target="packed", compression=Compression.GZIP)
    assert dumped(root.flasher, target="packed") == plain
    assert gzip.decompress(dumped(root.flasher, target="packed", compression=Compression.GZIP)) == plain


@check("the exporter fetches a URL")
def _(root):
    root.flasher.flash(os.environ["INTEROP_URL"], target="fetched")
    assert dumped(root.flasher, target="fetched") == b"an image behind a URL"


@check("a dump of what was never flashed fails")
def _(root):
    with raises(DriverError):
        root.flasher.dump(BACK, target="nothing")


run()
