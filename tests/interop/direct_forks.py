"""
Runs the peer's `jmp` as the installed program does, several at once, each in a fork of this process.
A line of JSON on standard input starts one; what it prints, its process and its status go to files of
the folder that the line names.
"""

import json
import os
import signal
import sys

from forks import fork
from jumpstarter_cli.jmp import jmp


def keep(folder, words, env, cwd):
    """Starts one, and waits for its end; whatever it starts is of its group of processes."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)

    def run():
        os.setpgid(0, 0)
        os.environ.update(env)
        os.chdir(cwd)
        sys.argv = ["jmp", *words]
        put("pid", os.getpid())
        jmp()

    def put(name, number):
        with open(f"{folder}/{name}.new", "w") as file:
            file.write(str(number))
        os.rename(file.name, f"{folder}/{name}")

    with open(os.devnull) as nothing, open(f"{folder}/stdout", "w") as out, open(f"{folder}/stderr", "w") as err:
        put("status", fork(run, [nothing, out, err]))


signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the keepers
for line in sys.stdin:
    if os.fork() == 0:
        keep(**json.loads(line))
        os._exit(0)
