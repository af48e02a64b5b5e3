"""Checks the exporter's storages in memory, in S3 and behind HTTP, beside OpenDAL itself."""

import hashlib
import json
import os
import urllib.error
import urllib.request
from contextlib import closing

import opendal
from checks import check, raises, random_bytes, run
from jumpstarter.client.core import DriverError
from jumpstarter_driver_opendal.common import Capability

SERVED = b"0123456789, an image behind a URL"
S3 = json.loads(os.environ["INTEROP_S3"])
URL = os.environ["INTEROP_URL"]
OPERATORS = {
    "memory": lambda: opendal.Operator("memory"),
    "bucket": lambda: opendal.Operator("s3", **S3),
    "web": lambda: opendal.Operator("http", endpoint=URL.rsplit("/", 1)[0]),
}


def capability_of(name):
    able = OPERATORS[name]().capability()
    return {key: getattr(able, key) for key in Capability.model_fields}


def register(name):
    def on(title):
        def store(function):
            return check(f"{name}: {title}")(lambda root: function(getattr(root, name)))

        return store

    @on("10 MiB go there and back")
    def _(files):
        data = random_bytes()
        files.write_bytes("big", data)
        assert files.read_bytes("big") == data
        assert files.hash("big") == hashlib.sha256(data).hexdigest()

    @on("the exporter fetches a URL")
    def _(files):
        files.write_from_path("fetched", URL)
        assert files.read_bytes("fetched") == SERVED

    @on("a file is written in pieces, and read from where it is sent to")
    def _(files):
        with closing(files.open("pieces", "wb")) as file:
            file.write_bytes(b"first")
            file.write_bytes(b"-second")
        with closing(files.open("pieces", "rb")) as file:
            assert (file.seek(3), file.tell()) == (3, 3)
            assert file.read_bytes() == b"st-second"
            assert (file.seek(-2, 2), file.tell()) == (10, 10)
            assert file.read_bytes() == b"nd"
            assert (file.readable(), file.seekable(), file.writable()) == (True, True, False)

    @on("stat(), hash() and exists() know what is there")
    def _(files):
        files.write_bytes("known/abc", b"abc")
        file, folder = files.stat("known/abc"), files.stat("known/")
        assert (file.content_length, file.mode.is_file(), file.mode.is_dir()) == (3, True, False)
        assert (folder.mode.is_file(), folder.mode.is_dir()) == (False, True)
        assert files.hash("known/abc", "md5") == hashlib.md5(b"abc").hexdigest()
        there = [files.exists(path) for path in ("known/abc", "known/", "known", "nope", "nope/")]
        assert there == [True, True, False, False, False], there
        with raises(DriverError, "nope"):
            files.stat("nope")

    @on("list() stays in the folder, scan() goes below")
    def _(files):
        files.write_bytes("tree/x", b"1")
        files.write_bytes("tree/deep/y", b"1")
        assert sorted(files.list("tree/")) == ["tree/deep/", "tree/x"]
        assert sorted(files.scan("tree/")) == ["tree/deep/y", "tree/x"]
        assert list(files.list("nowhere/")) == []
        assert "tree/" in list(files.list("/"))

    @on("create_dir(), delete() and remove_all()")
    def _(files):
        files.create_dir("dir/sub/")
        files.write_bytes("dir/sub/file", b"1")
        files.write_bytes("dir/other", b"1")
        files.delete("dir/other")
        files.delete("never there")
        assert (files.exists("dir/other"), files.exists("dir/sub/")) == (False, True)
        files.remove_all("dir/")
        assert list(files.scan("dir/")) == []

    @on("capability() has every key, and is that of OpenDAL but for copy and rename")
    def _(files):
        able, theirs = files.call("capability"), capability_of(name)
        assert able | {"copy": 0, "rename": 0} == theirs | {"copy": 0, "rename": 0}, (able, theirs)

    @on("created resources are counted")
    def _(files):
        files.write_bytes("made", b"1")
        files.write_bytes("gone", b"1")
        files.delete("gone")
        made = files.get_created_resources()
        assert "made" in made and "gone" not in made, made


register("memory")
register("bucket")


@check("bucket: copy()")
def _(root):
    root.bucket.write_bytes("a", b"1")
    root.bucket.copy("a", "copies/of a")
    assert root.bucket.read_bytes("copies/of a") == b"1"


@check("bucket: names of all kinds are those that OpenDAL itself finds")
def _(root):
    names = ["names/with space", "names/100%", "names/a+b", "names/é(1)!", "names/q?a=b&c", "names/~x*'"]
    for name in names:
        root.bucket.write_bytes(name, name.encode())
    operator = OPERATORS["bucket"]()
    assert sorted(entry.path for entry in operator.list("names/")) == sorted(names)
    assert sorted(root.bucket.list("names/")) == sorted(names)
    for name in names:
        assert operator.read(name) == name.encode(), name
    operator.write("names/theirs", b"theirs")
    assert root.bucket.read_bytes("names/theirs") == b"theirs"


def send(request, body=None):
    made = urllib.request.Request(
        request.url, method=request.method, headers=request.headers, data=body
    )
    with urllib.request.urlopen(made) as answer:
        return answer.read(), answer.headers


@check("bucket: presigned requests are good for anybody")
def _(root):
    path = "signed/with space"
    send(root.bucket.presign_write(path, 60), b"by anybody")
    assert root.bucket.read_bytes(path) == b"by anybody"
    assert send(root.bucket.presign_read(path, 60))[0] == b"by anybody"
    assert send(root.bucket.presign_stat(path, 60))[1]["Content-Length"] == "10"
    request = root.bucket.presign_read(path, 60)
    request.url = request.url.replace("signed", "other")
    with raises(urllib.error.HTTPError, "403"):
        send(request)


@check("bucket: an image goes from bucket to bucket by presigned requests")
def _(root):
    root.bucket.write_bytes("from", b"an image")
    root.bucket.write_from_path("to", root.bucket.presign_read("from", 60).url)
    assert root.bucket.read_bytes("to") == b"an image"


@check("web: a file is read, and stat() and hash() know it")
def _(root):
    assert root.web.read_bytes("file") == SERVED
    assert root.web.hash("file") == hashlib.sha256(SERVED).hexdigest()
    known = root.web.stat("file")
    assert (known.content_length, known.content_type) == (len(SERVED), "text/plain")
    assert root.web.exists("file")
    with closing(root.web.open("file", "rb")) as file:
        file.seek(-3, 2)
        assert file.read_bytes() == b"URL"


@check("web: a redirect is followed")
def _(root):
    assert root.web.read_bytes("moved") == SERVED


@check("web: what is not there is told, what cannot be done is refused")
def _(root):
    assert not root.web.exists("nope")
    for refused in (
        lambda: root.web.stat("nope"),
        lambda: root.web.open("x", "wb"),
        lambda: list(root.web.list("/")),
        lambda: root.web.delete("file"),
        lambda: root.web.presign_write("x", 60),
    ):
        with raises(DriverError):
            refused()


@check("web: capability() is that of OpenDAL")
def _(root):
    assert root.web.call("capability") == capability_of("web")


run()
