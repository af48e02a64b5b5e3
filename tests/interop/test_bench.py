"""The checks as tests of pytest, on one board; for our shell."""

import importlib
import os
import sys

import pytest
from checks import CHECKS, deadline
from jumpstarter_testing.pytest import JumpstarterTest

GROUPS = os.environ["INTEROP_GROUPS"].split()

for group in GROUPS:
    importlib.import_module(f"check_{group}")

CASES = {
    f"{group}: {name}": function for group in GROUPS for name, function in CHECKS[f"check_{group}"].items()
}


class TestBench(JumpstarterTest):
    @pytest.mark.parametrize("name", CASES)
    def test(self, client, name):
        with deadline():
            CASES[name](client)
