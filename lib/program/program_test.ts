import assert from "node:assert/strict";
import { cliCommand } from "./cli_command.ts";
import { type CommandGroup, findEntry, groupHelp } from "./group.ts";

const entry = { does: "Do it", load: () => Promise.resolve(cliCommand({ does: "", run: never })) };

function never(): Promise<void> {
  assert.fail("nothing is run");
}

function group(names: string[], isAliased = true): CommandGroup {
  return { does: "Try", isAliased, commands: Object.fromEntries(names.map((n) => [n, entry])) };
}

Deno.test("findEntry() takes a name before an alias, and an alias only where they are taken", () => {
  assert.equal(findEntry(group(["list"]), "ls")?.name, "list");
  assert.equal(findEntry(group(["list", "ls"]), "ls")?.name, "ls");
  assert.equal(findEntry(group(["list"], false), "ls"), undefined);
  assert.equal(findEntry(group(["list"]), "toString"), undefined);
});

Deno.test("findEntry() refuses an alias of several", () => {
  assert.throws(() => findEntry(group(["create", "client"]), "c"), {
    name: "UsageError",
    message: "Too many matches: create, client",
  });
});

Deno.test("the help of a group names what is in it", () => {
  assert.equal(
    groupHelp("jmp driver", group(["list", "configuration"])),
    "usage: jmp driver <command> …\n\nTry.\n\ncommands:\n  list          Do it\n" +
      '  configuration Do it\n\n"jmp driver <command> --help" tells more about one.',
  );
});
