import assert from "node:assert/strict";
import { commandLine } from "./command_line.ts";

const FILES = new Set(["setup.sh", "my setup", "/opt/Check.PY", "check.ts", "check.js"]);
const host = { isFile: (path: string) => FILES.has(path), execPath: "/opt/bin/jmp" };
const deno = { ...host, execPath: "/usr/bin/deno" };

Deno.test("a script that is no file is text for the shell, or for exec, as it stands", () => {
  const script = "  echo a\necho b\n";
  assert.deepEqual(commandLine({ script }, host), ["/bin/sh", "-c", script]);
  assert.deepEqual(commandLine({ script, exec: "python3" }, host), ["python3", "-c", script]);
});

Deno.test("a script that is the path of a file is that file, white space around it left out", () => {
  assert.deepEqual(commandLine({ script: " setup.sh\n" }, host), ["/bin/sh", "setup.sh"]);
  assert.deepEqual(commandLine({ script: "my setup" }, host), ["/bin/sh", "my setup"]);
});

Deno.test("a path with arguments, and a path among other lines, is text", () => {
  for (const script of ["setup.sh now", "setup.sh\nsetup.sh"]) {
    assert.deepEqual(commandLine({ script }, host), ["/bin/sh", "-c", script]);
  }
});

Deno.test("the extension chooses the interpreter of a file, and exec comes first", () => {
  assert.deepEqual(commandLine({ script: "/opt/Check.PY" }, host), ["python3", "/opt/Check.PY"]);
  assert.deepEqual(commandLine({ script: "/opt/Check.PY", exec: "/bin/bash" }, host), [
    "/bin/bash",
    "/opt/Check.PY",
  ]);
});

Deno.test("exec is one program: nothing is split off", () => {
  assert.deepEqual(commandLine({ script: "x", exec: "/bin/bash -x" }, host), [
    "/bin/bash -x",
    "-c",
    "x",
  ]);
});

Deno.test("a TypeScript or JavaScript file runs with Deno where Deno is what runs", () => {
  for (const script of ["check.ts", "check.js"]) {
    const command = ["/usr/bin/deno", "run", "-A", "-q", "--no-prompt", script];
    assert.deepEqual(commandLine({ script }, deno), command);
    assert.deepEqual(commandLine({ script }, host), ["/bin/sh", script]);
  }
});
