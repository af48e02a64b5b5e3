"""
Runs command lines of `j` as the installed program does. They stand in a file of JSON, as do the words
of each and its standard input; one line of JSON tells what came of each.
"""

import json
import sys
import tempfile

from forks import fork
from jumpstarter_cli.j import j


def run(words, given):
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as output:
        source.write(given.encode())
        source.seek(0)
        sys.argv = ["j", *words]
        status = fork(j, [source, output, output])
        output.seek(0)
        return {"status": status, "output": output.read().decode()}


with open(sys.argv[1]) as file:
    for line in json.load(file):
        print(json.dumps(run(line["words"], line["input"])), flush=True)
