"""Runs the checks of the groups that are named, each group in a process of its own."""

import importlib
import json
import signal
import sys

from checks import run
from forks import fork

WHOLE = 100
"""Seconds for all of it; what is left then counts as not checked."""


def run_group(group):
    importlib.import_module(f"check_{group}")
    return run(f"check_{group}")


signal.alarm(WHOLE)
status = 0
for group in sys.argv[1:]:
    print(json.dumps({"group": group}), flush=True)
    status |= fork(lambda: run_group(group))
sys.exit(status)
