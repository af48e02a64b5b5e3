"""
Runs pytest, and ends with its status: not through the interpreter's own end, which opendal's threads
abort now and then (with the Python exporter as well).
"""

import os
import sys

import pytest

status = pytest.main(sys.argv[1:])
sys.stdout.flush()
sys.stderr.flush()
os._exit(status)
