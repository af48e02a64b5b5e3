import assert from "node:assert/strict";
import { types, writeExporter } from "../support/exporter_file.ts";
import { jmp, jmpCommand, run, tempDir } from "../support/programs.ts";
import { hasTmux, TestTerminal } from "../support/tmux.ts";

const PROMPT = / ⚡local ➤$/m;

/** What is typed before Tab, and what then stands there. */
const lines: [string, string][] = [
  ["jmp compl", "jmp completion"],
  ["jmp driver n", "jmp driver new"],
  ["jmp driver new fan --kind st", "jmp driver new fan --kind stream"],
  ["jmp config exporter cr", "jmp config exporter create"],
  ["jmp sh --exporter ben", "jmp sh --exporter bench-one"],
  ["jmp config exporter delete ben", "jmp config exporter delete bench-one"],
  ["jmp sh --exporter-config ima", "jmp sh --exporter-config image.img"],
  ["jmp sh --exporter-config=ima", "jmp sh --exporter-config=image.img"],
  ["jmp version --output=j", "jmp version --output=json"],
  ["jmp version -o ya", "jmp version -o yaml"],
  ["j pow", "j power"],
  ["j power cy", "j power cycle"],
  ["j rack spare of", "j rack spare off"],
  ["j storage flash ima", "j storage flash image.img"],
  ["j storage flash --compression x", "j storage flash --compression xz"],
  ["j serial pipe --no-o", "j serial pipe --no-output"],
  ["jmp j storage fl", "jmp j storage flash"],
];

async function hasShell(shell: string): Promise<boolean> {
  try {
    return (await new Deno.Command(shell, { args: ["-c", "exit 0"] }).output()).success;
  } catch {
    return false;
  }
}

/** A folder with a `jmp` for the PATH, an exporter by alias, one by file, and an image. */
async function lab() {
  await using stack = new AsyncDisposableStack();
  const { path } = stack.use(await tempDir());
  await Deno.mkdir(`${path}/bin`);
  await Deno.mkdir(`${path}/home/exporters`, { recursive: true });
  const words = jmpCommand().map((word) => `'${word}'`).join(" ");
  await Deno.writeTextFile(`${path}/bin/jmp`, `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
  await Deno.writeTextFile(`${path}/home/exporters/bench-one.yaml`, "");
  await Deno.writeTextFile(`${path}/image.img`, "image");
  const file = await writeExporter(path, {
    power: { type: types.power },
    serial: { type: types.serial, config: { url: "loop://" } },
    storage: { type: types.flasher },
    rack: { children: { spare: { type: types.power } } },
  });
  const env = {
    PATH: `${path}/bin:${Deno.env.get("PATH")}`,
    JMP_CLIENT_CONFIG_HOME: `${path}/home`,
    // The shells keep their histories to the test.
    HISTFILE: `${path}/history`,
    XDG_DATA_HOME: `${path}/data`,
    XDG_CONFIG_HOME: `${path}/config`,
    TERM: "screen-256color",
    NO_COLOR: "1",
  };
  const held = stack.move();
  return { path, file, env, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

for (const shell of ["bash", "zsh", "fish"]) {
  const missing = [...(hasTmux ? [] : ["tmux"]), ...(await hasShell(shell) ? [] : [shell])];
  const name = `Tab completes jmp and j in the ${shell} of jmp shell`;
  Deno.test({
    name: missing.length === 0 ? name : `${name} (needs ${missing.join(", ")})`,
    ignore: missing.length > 0,
    async fn() {
      await using there = await lab();
      // The terminal's own PATH wins over that of its environment.
      const path = `PATH=${there.env.PATH}`;
      const command = ["env", path, ...jmpCommand("shell", "--exporter-config", there.file)];
      await using terminal = await TestTerminal.open(command, {
        cwd: there.path,
        env: { ...there.env, SHELL: shell },
      });
      await terminal.shows(PROMPT);
      for (const [typed, completed] of lines) {
        await terminal.type(typed);
        await terminal.press("Tab");
        await terminal.shows(new RegExp(`➤ ${completed.replaceAll(/[.]/g, "\\$&")}$`, "m"));
        // Not Ctrl-C: what is shown may be a suggestion, while Tab is still at work.
        await terminal.press("C-u");
        await terminal.enter("clear");
        await terminal.shows(/^\S* ⚡local ➤\s*$/);
      }
    },
  });
}

Deno.test("the script for bash completes in a shell of one's own, by the names of the commands", async () => {
  await using there = await lab();
  const script = `source <(jmp completion bash)
    complete -p jmp j
    COMP_WORDS=(jmp config exporter "") COMP_CWORD=3
    _jmp_complete jmp "" exporter
    echo "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = await run(["bash", "--norc", "-c", script], {
    env: there.env,
    cwd: there.path,
  });
  assert.equal(stderr, "");
  assert.equal(
    stdout,
    "complete -F _jmp_complete jmp\ncomplete -F _jmp_complete j\ncreate list edit delete\n",
  );
});

Deno.test("jmp completion knows three shells, and exits 2 for others [client 6]", async () => {
  for (const shell of ["bash", "zsh", "fish"]) {
    const { status, stdout } = await jmp(["completion", shell]);
    assert.equal(status, 0);
    assert.match(stdout, /\bjmp\b/);
  }
  assert.equal((await jmp(["completion", "powershell"])).status, 2);
  assert.equal((await jmp(["completion"])).status, 2);
});

Deno.test("what cannot be completed is met with silence and status 0", async () => {
  for (
    const words of [["nonsense", ""], ["version", "json", "x"], ["config", "exporter", "x", ""]]
  ) {
    const { status, stdout, stderr } = await jmp(["complete", "--", ...words]);
    assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
    assert.doesNotMatch(stdout, /^[^-]/m);
  }
});
