"""
Runs things in forks of one process, which has loaded the peer's modules: that takes a second, and
each then starts in milliseconds.
"""

import os
import signal
import sys
import traceback

import jumpstarter_driver_composite.client  # noqa: F401
import jumpstarter_driver_network.client  # noqa: F401
import jumpstarter_driver_opendal.client  # noqa: F401
import jumpstarter_driver_power.client  # noqa: F401
import jumpstarter_driver_pyserial.client  # noqa: F401
import jumpstarter_driver_shell.client  # noqa: F401

DEADLINE = 40
"""Seconds that a fork may take; then a signal ends it."""


def fork(function, streams=()):
    """The status that a program has whose whole work is a function; its standard streams, in order."""
    sys.stdout.flush()
    if (pid := os.fork()) == 0:
        signal.alarm(DEADLINE)
        for number, stream in enumerate(streams):
            os.dup2(stream.fileno(), number)
        status = _status_of(function)
        sys.stdout.flush()
        sys.stderr.flush()
        # Not through the interpreter's own end: now and then opendal's threads abort that (with the
        # Python exporter as well), when the work is done and the status is decided.
        os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _status_of(function):
    try:
        code = function()
    except SystemExit as end:
        code = end.code
    except BaseException:
        traceback.print_exc()
        return 1
    if code is None or isinstance(code, int):
        return (code or 0) & 0xFF
    print(code, file=sys.stderr)
    return 1
