"""Checks configured scripts."""

from checks import check, raises, run
from jumpstarter.client.core import DriverInvalidArgument


@check("the methods are there in order, with their descriptions")
def _(root):
    assert root.shell.call("get_methods") == ["say", "fail", "slow", "empty"]
    assert root.shell.methods_description == {"say": "Say something"}


@check("a script gets its arguments and variables, and gives both outputs and its status")
def _(root):
    assert root.shell.say("a", "b c", WHO="me") == 0
    assert root.shell.fail() == 3
    items = list(root.shell.streamingcall("call_method", "say", {"WHO": "me"}, "a", "b c"))
    assert "".join(item[0] for item in items) == "say|a|b c|me\n", items
    assert "".join(item[1] for item in items) == "oops\n", items
    assert [item[2] for item in items if item[2] is not None] == [0], items
    assert items[-1][2] == 0, items


@check("a script that takes too long returns 199")
def _(root):
    assert root.shell.slow() == 199


@check("unknown methods, empty scripts, blocked variables and arguments that are no texts are refused")
def _(root):
    variables = [("say", {name: "x"}) for name in ("PATH", "LD_X", "1")]
    for call in [("nope", None), ("empty", None), *variables, ("say", None, 1)]:
        with raises(DriverInvalidArgument):
            list(root.shell.streamingcall("call_method", *call))


run()
