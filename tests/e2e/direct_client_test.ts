import assert from "node:assert/strict";
import { selfSigned } from "../support/certificate.ts";
import { types, writeExporter } from "../support/exporter_file.ts";
import { type Finished, jmp, jmpCommand, type RunOptions, tempDir } from "../support/programs.ts";
import { isAlive, type Running, start, within } from "../support/running.ts";
import { hasTmux, TestTerminal } from "../support/tmux.ts";

const SECRET = "open-sesame";
/** What a shell that cannot go on has to end, milliseconds; the machine may be busy. */
const SOON = 5_000;

/** An exporter in the network, and shells on it. */
interface Direct extends AsyncDisposable {
  readonly dir: string;
  /** `HOST:PORT`. */
  readonly address: string;
  readonly exporter: Running;
  /** The options of a shell on it, and its command. */
  options(...command: string[]): string[];
  /** Runs a shell on it to its end. */
  shell(command: string[], options?: RunOptions): Promise<Finished>;
}

/** Starts an exporter with a power switch. */
async function serve(
  more: Record<string, unknown> = {},
  { listener = ["--tls-grpc-insecure"], client = listener, host = "127.0.0.1" }: {
    listener?: string[];
    client?: string[];
    host?: string;
  } = {},
): Promise<Direct> {
  await using stack = new AsyncDisposableStack();
  const { path: dir } = stack.use(await tempDir());
  const file = await writeExporter(dir, { power: { type: types.power } }, more);
  const port = freePort();
  const address = `127.0.0.1:${port}`;
  const run = ["run", "--exporter-config", file, "--tls-grpc-listener", `${host}:${port}`];
  const exporter = stack.use(start(jmpCommand(...run, ...listener)));
  await exporter.shown(/serving bench at/);
  const options = (...command: string[]) => ["shell", "--tls-grpc", address, ...client, ...command];
  const held = stack.move();
  return {
    dir,
    address,
    exporter,
    options,
    shell: (command, given) => jmp(options(...command), given),
    [Symbol.asyncDispose]: async () => await held.disposeAsync(),
  };
}

/** A port that nobody listens on. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** A hook as an exporter file has it. */
function hook(script: string, onFailure?: string) {
  return { script, timeout: 20, ...(onFailure === undefined ? {} : { onFailure }) };
}

Deno.test("j works in a shell on an exporter in the network, warm and cold [client 78, exporter 70]", async () => {
  await using direct = await serve();
  const cold = "env JUMPSTARTER_HOST=localhost:${JUMPSTARTER_HOST#*:} j";
  const { status, stdout, stderr } = await direct.shell([
    "--exporter-logs",
    "--",
    ...["sh", "-c", `j power on && ${cold} power off && j power read -n 1`],
  ]);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^voltage=/);
  assert.match(stderr, /\[exporter:driver\].* power on\n(.*\n)*.* power off\n/);
});

Deno.test("what runs in a direct shell is told of its session [client 82]", async () => {
  await using direct = await serve({}, {
    listener: ["--tls-grpc-insecure", "--passphrase", SECRET],
  });
  const { stdout } = await direct.shell(["--", "env"], {
    env: { JMP_LEASE: "another", JMP_EXPORTER_LABELS: "a=b", JUMPSTARTER_GRPC_INSECURE: "1" },
  });
  const names = /^(JUMPSTARTER_|JMP_(?!CLIENT))/;
  const variables = stdout.split("\n").filter((line) => names.test(line)).toSorted();
  assert.deepEqual(variables, [
    "JMP_DRIVERS_ALLOW=UNSAFE",
    "JMP_EXPORTER=direct",
    "JMP_GRPC_INSECURE=1",
    `JMP_GRPC_PASSPHRASE=${SECRET}`,
    "JMP_LEASE=direct",
    `JUMPSTARTER_HOST=${direct.address}`,
  ]);
});

Deno.test("a shell ends with the status of its command, 127 and 126 where there is none [exporter 75]", async () => {
  await using direct = await serve();
  const plain = `${direct.dir}/bench.yaml`;
  const ends = await Promise.all([["sh", "-c", "exit 9"], ["no-such-command"], [plain]].map(
    (command) => direct.shell(["--", ...command]),
  ));
  assert.deepEqual(ends.map(({ status }) => status), [9, 127, 126]);
});

/** What a client does wrong with each kind of exporter, and what it is told. */
const mismatches: [what: string, listens: "tls" | "plaintext", client: string[], RegExp][] = [
  ["speaks TLS to plaintext", "plaintext", [], /does not speak TLS: --tls-grpc-insecure/],
  ["speaks plaintext to TLS", "tls", ["--tls-grpc-insecure"], /it speaks TLS: leave --tls-grpc-i/],
  ["does not know who signs", "tls", [], /certificate is not trusted .* --tls-ca/],
];

for (const [what, listens, client, told] of mismatches) {
  Deno.test(`a client that ${what} is told so, and ends with 1 [client 79, exporter 70]`, async () => {
    await using dir = await tempDir();
    const { cert, key } = await selfSigned(dir.path);
    const listener = listens === "plaintext"
      ? ["--tls-grpc-insecure"]
      : ["--tls-cert", cert, "--tls-key", key];
    await using direct = await serve({}, { listener, client });
    const { status, stdout, stderr } = await direct.shell(["--", "echo", "it runs"]);
    assert.equal(status, 1);
    assert.equal(stdout, "");
    assert.match(
      stderr,
      /^error: Exporter did not respond to initial connection \(Caused by: .*\); /,
    );
    assert.match(stderr, told);
  });
}

Deno.test("a client is told when nobody is there", async () => {
  const address = `127.0.0.1:${freePort()}`;
  const { status, stderr } = await jmp(["shell", "--tls-grpc", address, "--", "true"]);
  assert.equal(status, 1);
  assert.match(stderr, /\(Caused by: connect ECONNREFUSED .*\); is an exporter running at 127/);
});

Deno.test("TLS trusts the certificates that are named, for the name in them, in the shell as well", async () => {
  await using dir = await tempDir();
  const { cert, key } = await selfSigned(dir.path);
  await using direct = await serve({}, {
    listener: ["--tls-cert", cert, "--tls-key", key],
    client: ["--tls-ca", cert],
    host: "0.0.0.0",
  });
  const cold = "env JUMPSTARTER_HOST=localhost:${JUMPSTARTER_HOST#*:} j";
  const named = await direct.shell(["--", "sh", "-c", `j power on && ${cold} power off`]);
  assert.equal(named.status, 0, named.stderr);
  const variable = { GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: cert };
  const byVariable = await jmp(["shell", "--tls-grpc", direct.address, "--", "j", "power", "on"], {
    env: { ...variable, JMP_GRPC_INSECURE: "1" },
  });
  assert.equal(byVariable.status, 0, byVariable.stderr);
  const other = direct.address.replace("127.0.0.1", "127.0.0.2");
  const wrongName = await jmp(["shell", "--tls-grpc", other, "--tls-ca", cert, "--", "true"]);
  assert.equal(wrongName.status, 1);
  assert.match(wrongName.stderr, /certificate is for .*localhost.*, not for 127\.0\.0\.2/);
});

Deno.test("the right passphrase opens a shell, no other does, and nobody shows it [client 81, exporter 71]", async () => {
  const listener = ["--tls-grpc-insecure", "--passphrase", SECRET];
  await using direct = await serve({}, { listener, client: ["--tls-grpc-insecure"] });
  const right = await direct.shell(["--passphrase", SECRET, "--", "j", "power", "on"]);
  assert.equal(right.status, 0, right.stderr);
  assert.match(right.stderr, /^warning: without TLS the passphrase travels in plaintext\n/);
  const byVariable = await direct.shell(["--", "env", "-u", "PATH_INFO", "j", "power", "on"], {
    env: { JMP_GRPC_PASSPHRASE: SECRET },
  });
  assert.equal(byVariable.status, 0, byVariable.stderr);
  assert.doesNotMatch(direct.exporter.stderr, /authentication failed/);
  const wrong = await direct.shell(["--passphrase", "guessed", "--", "true"]);
  const missing = await direct.shell(["--", "true"]);
  for (const { status, stderr } of [wrong, missing]) {
    assert.equal(status, 1);
    assert.match(stderr, /^error: Authentication failed: invalid or missing passphrase$/m);
    assert.doesNotMatch(stderr, /guessed/);
  }
  await direct.exporter.shown(/authentication failed: invalid or missing passphrase/);
  assert.doesNotMatch(direct.exporter.stderr + direct.exporter.stdout, /open-sesame|guessed/);
});

Deno.test("a shell shows what hooks have said before it came, and as it ends [client 80]", async () => {
  const hooks = { beforeLease: hook("echo prepared"), afterLease: hook("echo cleaned") };
  await using direct = await serve({ hooks });
  await direct.exporter.shown(/prepared/);
  const { status, stderr } = await direct.shell(["--exporter-logs", "--", "true"]);
  assert.equal(status, 0);
  assert.match(stderr, /\[exporter:beforeLease\] prepared$/m);
  assert.match(stderr, /\[exporter:system\]/);
  const quiet = await direct.shell(["--", "true"]);
  assert.match(quiet.stderr, /^\S+ INFO \[exporter:beforeLease\] prepared\n$/);
  direct.exporter.kill("SIGTERM");
  await direct.exporter.shown(/cleaned/);
});

Deno.test("a shell waits for the hook that prepares the board, and then passes its warning on [exporter 48]", async () => {
  const beforeLease = hook("echo at it; sleep 1; exit 3", "warn");
  await using direct = await serve({ hooks: { beforeLease } });
  const { status, stdout, stderr } = await direct.shell(["--", "sh", "-c", "j power on; echo ran"]);
  assert.equal(status, 0, stderr);
  assert.equal(stdout, "ran\n");
  const lines = stderr.trimEnd().split("\n");
  assert.ok(lines.includes(`waiting for ${direct.address}: Running beforeLease hook`), stderr);
  assert.equal(lines.filter((line) => line.endsWith("[exporter:beforeLease] at it")).length, 1);
  assert.equal(lines.at(-1), "Warning: beforeLease hook warning: Hook failed with exit code 3");
});

for (const [onFailure, next] of [["endLease", "of no use until"], ["exit", "the exporter ends"]]) {
  Deno.test(`a board that cannot be prepared ends the shell at once, with the reason: ${onFailure} [exporter 76]`, async () => {
    const beforeLease = hook("echo at it; sleep 1; echo no power; exit 3", onFailure);
    await using direct = await serve({ hooks: { beforeLease } });
    await using shell = start(jmpCommand(...direct.options("--", "echo", "it runs")));
    await shell.shown(/no power/);
    const { status, stdout, stderr } = await within(SOON, shell.finished);
    assert.equal(status, 1);
    assert.equal(stdout, "");
    const told = `^error: beforeLease hook failed .*: Hook failed with exit code 3; .*${next}`;
    assert.match(stderr, new RegExp(`no power\\n(.*\\n)*?${told.slice(1)}`));
  });
}

Deno.test("a signal ends a shell that waits for its board, with status 2", async () => {
  await using direct = await serve({ hooks: { beforeLease: hook("sleep 15") } });
  await using shell = start(jmpCommand(...direct.options("--", "true")));
  await shell.shown(/waiting for/);
  shell.kill("SIGINT");
  const { status, stderr } = await within(SOON, shell.finished);
  assert.equal(status, 2);
  assert.doesNotMatch(stderr, /error/);
});

for (const signal of ["SIGTERM", "SIGKILL"] as const) {
  Deno.test(`a shell hangs up on its command and ends when its exporter gets ${signal}`, async () => {
    await using direct = await serve({ hooks: { afterLease: hook("echo cleaned") } });
    const script = `trap 'echo hung up; kill $!; exit 5' HUP; sleep 30 & echo "pid $$"; wait`;
    await using shell = start(jmpCommand(...direct.options("--", "sh", "-c", script)));
    const [, pid] = await shell.shown(/^pid (\d+)$/m);
    direct.exporter.kill(signal);
    const { status, stdout, stderr } = await within(SOON, shell.finished);
    assert.equal(status, 1);
    assert.match(stdout, /^hung up$/m);
    assert.match(stderr, /^error: the exporter .*(went away|going offline.*)$/m);
    if (signal === "SIGTERM") assert.match(stderr, /\[exporter:afterLease\] cleaned$/m);
    assert.equal(await isAlive(Number(pid)), false);
  });
}

Deno.test("who comes to an exporter that is in use is told by whom", async () => {
  await using direct = await serve();
  await using first = start(
    jmpCommand(...direct.options("--", "sh", "-c", "echo in; exec sleep 30")),
  );
  await first.shown(/^in$/m);
  assert.doesNotMatch(first.stderr, /in use/);
  const second = await direct.shell(["--", "true"]);
  assert.match(second.stderr, /WARNING .*this exporter is in use as well by 127\.0\.0\.1/);
});

/** Command lines that are no use, and what they are told. */
const refused: [string[], RegExp][] = [
  [["--tls-grpc", "localhost"], /--tls-grpc: "localhost" is not HOST:PORT/],
  [["--tls-grpc", "localhost:0"], /is not HOST:PORT/],
  [["--tls-grpc", "localhost:70000"], /is not HOST:PORT/],
  [["--tls-grpc", ""], /is not HOST:PORT/],
  [["--tls-grpc", "h:1", "--exporter", "a"], /--tls-grpc excludes --exporter/],
  [["--tls-grpc", "h:1", "--tls-grpc-insecure", "--tls-ca", "x"], /excludes --tls-ca/],
  [
    ["--tls-grpc", "h:1", "--tls-ca", "/nonexistent"],
    /--tls-ca: cannot read \/nonexistent: No such/,
  ],
  [["--exporter", "a", "--tls-grpc-insecure"], /--tls-grpc-insecure: only with --tls-grpc/],
  [["--passphrase", SECRET, "--tls-ca", "x"], /--tls-ca, --passphrase: only with --tls-grpc/],
  [["--tls-grpc", "h:1", "--passphrase", "schlüssel"], /the passphrase may hold printable ASCII/],
];

Deno.test("jmp shell refuses options of direct mode that are no use, with status 2", async () => {
  for (const [options, told] of refused) {
    const { status, stderr } = await jmp(["shell", ...options, "--", "true"]);
    assert.match(stderr, told);
    assert.doesNotMatch(stderr, /sesame|schl/);
    assert.equal(status, 2);
  }
});

Deno.test({
  name: hasTmux
    ? "a terminal shows what is waited for, then greets with what the hook has to say"
    : "a terminal shows what is waited for (needs tmux)",
  ignore: !hasTmux,
  async fn() {
    const beforeLease = hook('echo at it; sleep 3; echo "Rack 4" >"$JMP_MOTD_FILE"');
    await using direct = await serve({ motd: "Bench 7", hooks: { beforeLease } });
    await using terminal = await TestTerminal.open(jmpCommand(...direct.options()), {
      cwd: direct.dir,
      env: { SHELL: "/bin/bash", TERM: "screen-256color", NO_COLOR: "1" },
    });
    await terminal.shows(
      /\] at it\nwaiting for \S+: Running beforeLease hook {3}[12] s {3}\(Ctrl-C/,
    );
    await terminal.shows(/^Bench 7\nRack 4\nbench · power {8}\(j with.*\n.*⚡direct ➤$/m);
    assert.doesNotMatch(await terminal.screen(), /waiting for/, "the moving line is gone");
    await terminal.enter("j power on && echo it works");
    await terminal.shows(/^it works$/m);
    await terminal.enter("exit");
  },
});
