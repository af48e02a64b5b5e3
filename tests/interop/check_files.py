"""Checks the exporter's storage: every call of the Opendal driver."""

import hashlib
import os
from contextlib import closing

from checks import check, raises, random_bytes, run
from jumpstarter.client.core import DriverError
from jumpstarter_driver_opendal.common import Capability

DIR = os.environ["INTEROP_DIR"]


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)


def content(path):
    with open(path, "rb") as file:
        return file.read()


@check("10 MiB go there and back")
def _(root):
    data = random_bytes()
    root.files.write_bytes("big", data)
    assert root.files.read_bytes("big") == data
    assert root.files.hash("big") == hashlib.sha256(data).hexdigest()


@check("a file on the client goes there and back")
def _(root):
    data = random_bytes()
    write(f"{DIR}/source", data)
    root.files.write_from_path("sent", f"{DIR}/source")
    root.files.read_into_path("sent", f"{DIR}/back")
    assert content(f"{DIR}/back") == data


@check("the exporter fetches a URL")
def _(root):
    root.files.write_from_path("fetched", os.environ["INTEROP_URL"])
    assert root.files.read_bytes("fetched") == b"an image behind a URL"


@check("a file is written in pieces, and read from where it is")
def _(root):
    write(f"{DIR}/piece", b"-second")
    with closing(root.files.open("pieces", "wb")) as file:
        file.write_bytes(b"first")
        file.write_from_path(f"{DIR}/piece")
    with closing(root.files.open("pieces", "rb")) as file:
        file.seek(3)
        file.read_into_path(f"{DIR}/rest")
        assert content(f"{DIR}/rest") == b"st-second"
        assert file.read_bytes() == b""


@check("seek() and tell() count from the start, from here and from the end")
def _(root):
    root.files.write_bytes("digits", b"0123456789")
    with closing(root.files.open("digits", "rb")) as file:
        assert (file.tell(), file.seek(7), file.tell()) == (0, 7, 7)
        assert (file.seek(-4, 1), file.tell()) == (3, 3)
        assert (file.seek(-2, 2), file.tell()) == (8, 8)
        assert file.read_bytes() == b"89"
        assert file.tell() == 10


@check("a file says what it can do, and whether it is closed")
def _(root):
    root.files.write_bytes("open", b"1")
    file = root.files.open("open", "rb")
    assert (file.readable(), file.seekable(), file.writable(), file.closed) == (True, True, False, False)
    file.close()
    assert file.closed
    file = root.files.open("open", "wb")
    assert (file.readable(), file.seekable(), file.writable(), file.closed) == (False, False, True, False)
    file.close()
    assert file.closed


@check("stat() tells files from folders")
def _(root):
    root.files.write_bytes("known/abc", b"abc")
    file, folder = root.files.stat("known/abc"), root.files.stat("known/")
    assert (file.content_length, file.mode.is_file(), file.mode.is_dir()) == (3, True, False)
    assert (folder.mode.is_file(), folder.mode.is_dir()) == (False, True)
    unknown = (file.content_disposition, file.content_md5, file.content_type, file.etag)
    assert unknown == (None, None, None, None), unknown


@check("hash() knows md5 and sha256")
def _(root):
    root.files.write_bytes("abc", b"abc")
    assert root.files.hash("abc", "md5") == hashlib.md5(b"abc").hexdigest()
    assert root.files.hash("abc", "sha256") == hashlib.sha256(b"abc").hexdigest()
    assert root.files.hash("abc") == hashlib.sha256(b"abc").hexdigest()


@check("copy(), rename(), delete(), exists()")
def _(root):
    files = root.files
    files.write_bytes("a", b"1")
    files.copy("a", "b")
    files.rename("b", "c")
    files.delete("a")
    files.delete("never there")
    assert [files.exists(path) for path in ("a", "b", "c")] == [False, False, True]
    assert files.read_bytes("c") == b"1"


@check("create_dir() and remove_all()")
def _(root):
    files = root.files
    files.create_dir("dir/sub/")
    files.create_dir("dir/sub/")
    files.write_bytes("dir/sub/file", b"1")
    assert files.exists("dir/") and files.exists("dir/sub/")
    files.remove_all("dir/")
    assert not files.exists("dir/")


@check("list() stays in the folder, scan() goes below")
def _(root):
    root.files.write_bytes("tree/x", b"1")
    root.files.write_bytes("tree/deep/y", b"1")
    assert sorted(root.files.list("tree/")) == ["tree/", "tree/deep/", "tree/x"]
    assert sorted(root.files.scan("tree/")) == ["tree/", "tree/deep/", "tree/deep/y", "tree/x"]
    assert "/" in list(root.files.list("/"))


@check("capability() has every key")
def _(root):
    assert set(root.files.call("capability")) == set(Capability.model_fields)
    able = root.files.capability()
    assert able.read and able.write and able.list and able.copy and able.rename and able.create_dir
    assert not able.presign and not able.presign_read


@check("presign_stat(), presign_read() and presign_write() are refused")
def _(root):
    root.files.write_bytes("abc", b"abc")
    for presign in (root.files.presign_stat, root.files.presign_read, root.files.presign_write):
        with raises(DriverError):
            presign("abc", 60)


@check("created resources are counted, and registered ones")
def _(root):
    files = root.files
    files.write_bytes("made", b"1")
    files.create_dir("folder/")
    files.write_bytes("gone", b"1")
    files.delete("gone")
    assert files.call("register_path", "registered/") is None
    made = files.get_created_resources()
    assert {"made", "folder", "registered"} <= made and "gone" not in made, made


run()
