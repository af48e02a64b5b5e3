import assert from "node:assert/strict";
import { openShell } from "../support/bench.ts";
import { types, writeExporter } from "../support/exporter_file.ts";
import { jmpCommand, run, tempDir } from "../support/programs.ts";
import { hasTmux, TestTerminal } from "../support/tmux.ts";

const entries = {
  power: { type: types.power },
  serial: { type: types.serial, config: { url: "loop://" } },
  storage: { type: types.flasher },
  echo: { type: types.echo },
};
const PROMPT = / ⚡local ➤$/m;
/** Large enough to be seen moving, bytes. */
const IMAGE_SIZE = 150_000_000;

/** Opens `jmp shell` in a terminal. Its end is shown there with its status. */
async function openTerminal(...command: string[]) {
  await using stack = new AsyncDisposableStack();
  const { path } = stack.use(await tempDir());
  const file = await writeExporter(path, entries);
  const shell = jmpCommand("shell", "--exporter-config", file, ...command);
  // The script outlives the Ctrl-C that ends its command.
  const script = 'trap : INT; "$@"; echo "jmp ended with $?"; read answer';
  const terminal = stack.use(
    await TestTerminal.open(["sh", "-c", script, "sh", ...shell], {
      cwd: path,
      env: { SHELL: "/bin/bash", TERM: "screen-256color", NO_COLOR: "1" },
    }),
  );
  const held = stack.move();
  return {
    path,
    terminal,
    [Symbol.asyncDispose]: async () => await held.disposeAsync(),
  };
}

function terminalTest(
  name: string,
  body: (terminal: TestTerminal, dir: string) => Promise<void>,
  ...command: string[]
): void {
  Deno.test({
    name: hasTmux ? name : `${name} (needs tmux)`,
    ignore: !hasTmux,
    async fn() {
      await using opened = await openTerminal(...command);
      await body(opened.terminal, opened.path);
    },
  });
}

terminalTest(
  "an interactive shell greets, shows its prompt and the tree of the board, and passes its status on",
  async (terminal) => {
    await terminal.shows(/^bench · power, serial, storage, echo {8}\(j with no argument/m);
    await terminal.shows(PROMPT);
    await terminal.enter("j");
    await terminal.shows(/^├─ power {4}on off cycle read/m);
    await terminal.shows(/^└─ echo {5}forward-tcp forward-unix/m);
    await terminal.enter("exit 3");
    await terminal.shows(/^jmp ended with 3$/m);
  },
);

terminalTest(
  "three times Ctrl-B leave a console, and the terminal is as it was before",
  async (terminal) => {
    await terminal.shows(PROMPT);
    await terminal.enter(
      'before=$(stty -g); j serial start-console; echo "status $?"; ' +
        '[ "$(stty -g)" = "$before" ] && echo restored',
    );
    await terminal.shows(/^console open; press Ctrl-B three times to leave$/m);
    await terminal.press("h", "e", "l", "l", "o");
    await terminal.shows(/^hello$/m); // the loopback says it, the raw terminal does not
    await terminal.press("C-c", "C-b", "C-b", "x", "C-b", "C-b");
    await terminal.press("C-b");
    await terminal.shows(/^console closed$/m);
    await terminal.shows(/^status 0\nrestored$/m);
    // What is typed before the shell has handed the terminal over has no end of line for cat.
    await terminal.enter("echo h''anded; cat");
    await terminal.shows(/^handed$/m);
    await terminal.enter("echoed");
    await terminal.shows(/^echoed\nechoed$/m);
    await terminal.press("C-c");
  },
);

terminalTest(
  "one Ctrl-C ends a port forward with status 2, and the shell goes on",
  async (terminal) => {
    await terminal.shows(PROMPT);
    await terminal.enter('j echo forward-tcp 0; echo "status $?"');
    await terminal.shows(/^127\.0\.0\.1:\d+$/m);
    await terminal.press("C-c");
    await terminal.shows(/^\^?C?status 2$/m);
    await terminal.enter('j power on; echo "then $?"');
    await terminal.shows(/^then 0$/m);
  },
);

terminalTest(
  "one Ctrl-C ends a command given to jmp shell, and the shell with it",
  async (terminal) => {
    await terminal.shows(/^127\.0\.0\.1:\d+$/m);
    await terminal.press("C-c");
    await terminal.shows(/jmp ended with 2$/m);
  },
  ...["--", "j", "echo", "forward-tcp", "0"],
);

terminalTest(
  "a flash moves on one line with rate and time left, and ends with what was written",
  async (terminal, dir) => {
    using image = await Deno.create(`${dir}/image.img`);
    await image.truncate(IMAGE_SIZE);
    await terminal.shows(PROMPT);
    await terminal.enter("j storage flash image.img");
    await terminal.shows(
      /^image\.img → storage {3}[\d.]+ of 150 MB {3}[\d.]+ MB\/s {3}\d+ s left$/m,
    );
    await terminal.shows(/^✓ written: 150 MB in [\d.]+ s, sha256 [0-9a-f]{64}$/m);
    assert.doesNotMatch(await terminal.screen(), / s left/, "the moving line is gone");
  },
);

terminalTest(
  "a line that moves fits the terminal, also when its width changes meanwhile",
  async (terminal, dir) => {
    const name = "a-name-that-is-as-long-as-names-of-images-often-are.img";
    using image = await Deno.create(`${dir}/${name}`);
    await image.truncate(2 * IMAGE_SIZE);
    await terminal.shows(PROMPT);
    for (const [way, j] of [["warm", "j"], ["cold", "env JUMPSTARTER_HOST=$PWD/other j"]]) {
      await terminal.resize(120);
      await terminal.enter(`clear; ln -sf $JUMPSTARTER_HOST other; ${j} storage flash ${name}`);
      await terminal.shows(new RegExp(`^${name} → storage {3}.* s left$`, "m"));
      await terminal.resize(60);
      const [line] = await terminal.shows(/^…\S+ → storage {3}.* s left$/m);
      assert.ok(line.length < 60, `${way}: ${line}`);
      await terminal.shows(/✓ written: 300 MB/);
    }
  },
);

terminalTest(
  "help is as wide as the terminal that it was asked on, whoever makes it",
  async (terminal) => {
    await terminal.shows(PROMPT);
    await terminal.resize(32);
    const help = /^ {2}flash {2}Write .*\n {9}\S/m;
    await terminal.enter("clear; j storage --help");
    await terminal.shows(help);
    // What was shown before must be gone before it is looked at.
    await terminal.enter("clear; echo pi''ped; j storage --help | cat");
    await terminal.shows(/^piped\n[^]*flash {2}Write/m);
    assert.doesNotMatch(await terminal.screen(), help);
  },
);

Deno.test("a flash whose messages go to a file says one line", async () => {
  await using bench = await openShell({ storage: { type: types.flasher } });
  using image = await Deno.create(`${bench.dir}/image.img`);
  await image.truncate(20_000_000);
  const { status, stdout, stderr } = await run(bench.warm("storage", "flash", "image.img"), {
    env: bench.env,
    cwd: bench.dir,
  });
  assert.equal(status, 0, stderr);
  assert.equal(stdout, "");
  assert.match(stderr, /^✓ written: 20 MB in [\d.]+ s, sha256 [0-9a-f]{64}\n$/);
});
