"""Runs checks against the exporter of the shell that this is started in; one line of JSON a check."""

import contextlib
import json
import os
import signal
import sys
import traceback

from anyio import EndOfStream
from jumpstarter.utils.env import env

DEADLINE = 20
"""Seconds that a check may take."""

CHECKS = {}


def check(name):
    def register(function):
        CHECKS[name] = function
        return function

    return register


def run():
    """Runs what was registered, each check with the root of the client tree."""
    signal.signal(signal.SIGALRM, _give_up)
    passed = True
    with env() as root:
        for name, function in CHECKS.items():
            verdict = {"check": name, "ok": True}
            signal.alarm(DEADLINE)
            try:
                function(root)
            except Exception:
                verdict |= {"ok": False, "reason": traceback.format_exc()}
                passed = False
            finally:
                signal.alarm(0)
            print(json.dumps(verdict), flush=True)
    # Not through the interpreter's own end: now and then opendal's threads abort that (with the
    # Python exporter as well), when all has been checked and the session is closed.
    sys.stdout.flush()
    os._exit(0 if passed else 1)


def _give_up(*_):
    raise TimeoutError(f"not done after {DEADLINE} s")


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
    while len(received) < size:
        received += stream.receive()
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
