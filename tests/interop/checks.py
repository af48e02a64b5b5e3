"""Checks of the exporter of the shell that this runs in: what they share, and what runs them."""

import contextlib
import json
import os
import signal
import traceback
from collections import defaultdict

from anyio import EndOfStream
from jumpstarter.utils.env import env

DEADLINE = 20
"""Seconds that a check may take."""

CHECKS = defaultdict(dict)
"""By the module that registers them, then by name."""


def check(name):
    def register(function):
        CHECKS[function.__module__][name] = function
        return function

    return register


def run(module="__main__"):
    """
    Runs what a module has registered, each check with the root of the client tree; one line of JSON
    a check. Without an argument, that of the file which was started; imported, that does nothing.
    """
    if module not in CHECKS:
        return 0
    status = 0
    with env() as root:
        for name, function in CHECKS[module].items():
            verdict = {"check": name, "ok": True}
            try:
                with deadline():
                    function(root)
            except Exception:
                verdict |= {"ok": False, "reason": traceback.format_exc()}
                status = 1
            print(json.dumps(verdict), flush=True)
    return status


@contextlib.contextmanager
def deadline():
    """Breaks off what takes too long."""

    def give_up(*_):
        raise TimeoutError(f"not done after {DEADLINE} s")

    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(DEADLINE)
    try:
        yield
    finally:
        signal.alarm(0)


@contextlib.contextmanager
def raises(kind, text=""):
    """Fails unless an error of the kind comes; task groups wrap some of them, some twice."""
    try:
        yield
    except Exception as error:
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        assert isinstance(error, kind), repr(error)
        assert text in str(error), str(error)
        return
    raise AssertionError(f"no {kind.__name__}")


def receive(stream, size):
    """So many bytes of a blocking stream."""
    received = b""
    try:
        while len(received) < size:
            received += stream.receive()
    except Exception as error:
        error.add_note(f"{len(received)} of {size} bytes came before")
        raise
    return received


def receive_end(stream):
    """What is left of a blocking stream up to its end."""
    received = b""
    with contextlib.suppress(EndOfStream):
        while True:
            received += stream.receive()
    return received


def end_sending(client, stream):
    """Half-closes a blocking stream, which has no method for it."""
    client.portal.call(stream.stream.send_eof)


def random_bytes(size=10 * 1024 * 1024):
    return os.urandom(size)
