"""Checks the mock flasher."""

import bz2
import contextlib
import gzip
import lzma
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from backports import zstd
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


PLAIN = b"hardware in the loop\n" * 100_000
CODECS = {Compression.GZIP: gzip, Compression.XZ: lzma, Compression.BZ2: bz2, Compression.ZSTD: zstd}


@check("an image in any compression is stored plain, and dumped as an archive")
def _(root):
    for compression, codec in CODECS.items():
        write(codec.compress(PLAIN))
        root.flasher.flash(SOURCE, target="packed", compression=compression)
        assert dumped(root.flasher, target="packed") == PLAIN, compression
        archive = dumped(root.flasher, target="packed", compression=compression)
        assert len(archive) < 100_000, compression
        assert codec.decompress(archive) == PLAIN, compression


@check("an archive that is cut off or corrupt fails, and the flasher goes on")
def _(root):
    write(b"the old image")
    root.flasher.flash(SOURCE, target="packed")
    for compression, codec in CODECS.items():
        archive = codec.compress(os.urandom(100_000))
        middle = len(archive) // 2
        for bad in [
            archive[:middle],
            archive[:middle] + os.urandom(100) + archive[middle + 100 :],
            archive + b"garbage",
        ]:
            if compression == Compression.ZSTD and len(bad) == len(archive):
                continue  # without a checksum, which Python leaves out, nobody can tell
            write(bad)
            with raises(DriverError, f"{compression} data is cut off, corrupt"):
                root.flasher.flash(SOURCE, target="packed", compression=compression)
            assert dumped(root.flasher, target="packed") == b"the old image"


@check("the exporter fetches a URL")
def _(root):
    root.flasher.flash(os.environ["INTEROP_URL"], target="fetched")
    assert dumped(root.flasher, target="fetched") == b"an image behind a URL"


class Web(BaseHTTPRequestHandler):
    """Redirects so many times as the path says, and keeps what is sent."""

    kept = {}

    def do_GET(self):
        hops = int(self.path.lstrip("/"))
        self.send_response(302 if hops else 200)
        if hops:
            self.send_header("Location", f"http://{self.headers['Host']}/{hops - 1}")
        self.send_header("Content-Length", "0" if hops else "7")
        self.end_headers()
        if not hops:
            self.wfile.write(b"arrived")

    def do_PUT(self):
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        self.kept[self.path] = body
        self.send_response(201)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def web():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Web)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


@check("the exporter follows redirects, but not for ever")
def _(root):
    with web() as origin:
        root.flasher.flash(f"{origin}/10", target="fetched")
        assert dumped(root.flasher, target="fetched") == b"arrived"
        with raises(DriverError, "redirects more than 10 times"):
            root.flasher.flash(f"{origin}/11", target="fetched")


@check("the exporter sends a dump to a URL")
def _(root):
    write(b"an image")
    root.flasher.flash(SOURCE, target="sent")
    with web() as origin:
        # The client of this flasher has no way to ask for it; that of others has.
        handle = {"kind": "presigned_request", "method": "PUT", "url": f"{origin}/copy", "headers": {}}
        root.flasher.call("dump", handle, "sent")
    assert Web.kept["/copy"] == b"an image"


@check("an image goes to each of several places, one from a URL")
def _(root):
    write(b"a file")
    root.flasher.flash({"one": SOURCE, "two": os.environ["INTEROP_URL"]})
    assert dumped(root.flasher, target="one") == b"a file"
    assert dumped(root.flasher, target="two") == b"an image behind a URL"


@check("a flash is resumed where that is known")
def _(root):
    # An extension of ours; the Python client does not know it.
    assert root.flasher.call("partial", "boot") is None


@check("a dump of what was never flashed fails")
def _(root):
    with raises(DriverError):
        root.flasher.dump(BACK, target="nothing")


run()
