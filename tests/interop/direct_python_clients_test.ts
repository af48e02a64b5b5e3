import { type CertificateFiles, selfSigned } from "../support/certificate.ts";
import { type DirectBench, type DirectOptions, openDirect } from "../support/direct.ts";
import { jmpCommand, tempDir } from "../support/programs.ts";
import { within } from "../support/running.ts";
import { PythonJmp, pythonPath, type PythonRun } from "./direct_forks.ts";
import { fileHooks, hook, namedHooks, TOLD, waitsFor } from "./direct_hooks.ts";
import {
  assertSight,
  type Group,
  judge,
  type ShellRow,
  shellWords,
  type Sight,
  type Visit,
} from "./direct_rows.ts";
import { peer } from "./peer.ts";

const SECRET = "open-sesame";
const INSECURE = ["--tls-grpc-insecure"];
/** What an exporter has to end, milliseconds; the machine may be busy. */
const SOON = 15_000;
const OUR_J = jmpCommand("j").map((word) => `'${word}'`).join(" ");

/** An exporter of ours for the peer's shells. */
interface Served extends Group {
  readonly exporter: DirectOptions;
  /** What the exporter says when the first hook is done. */
  readonly ready: RegExp;
}

const HOOK_LINE = /\[exporter:beforeLease\] standalone/;
const LOG_LINE = /exporter:(driver|system)/;
const SCRIPT = `from jumpstarter.utils.env import env
with env() as board:
    board.power.on()
    print(*(reading.voltage for reading in board.power.read()))
    board.power.off()
    print(board.name, list(board.children))`;

/** Plaintext, and hooks in files. */
function plain(hooks: Record<string, unknown>, env: Record<string, string>): Served {
  return {
    name: "plaintext",
    exporter: { more: { motd: "Bench 7", hooks }, env: { ...env, PS1: "$ " } },
    ready: /prepared/,
    flags: INSECURE,
    rows: [
      {
        name: "j works, and its status passes through; all logs are shown with --exporter-logs",
        more: ["--exporter-logs"],
        command: ["sh", "-c", "j power on && exit 7"],
        status: 7,
        stdout: [HOOK_LINE, TOLD, /prepared$/m, LOG_LINE, /power on$/m],
      },
      {
        name: "without --exporter-logs, hooks alone are shown; our j works as well",
        command: ["sh", "-c", `${OUR_J} power read -n 1`],
        status: 0,
        stdout: [HOOK_LINE, /prepared$/m, /^voltage=/m],
        nowhere: LOG_LINE,
      },
      {
        name: "a script has the board of its environment",
        command: ["python3", "-c", SCRIPT],
        status: 0,
        stdout: [/^0\.0 5\.0$/m, /\['power'\]$/m],
      },
      {
        name: "a command is told of its session",
        env: { JMP_LEASE: "another" },
        command: ["env"],
        status: 0,
        stdout: [
          /^JUMPSTARTER_HOST=127\.0\.0\.1:\d+$/m,
          /^JMP_LEASE=direct$/m,
          /^JMP_EXPORTER=direct$/m,
          /^JMP_GRPC_INSECURE=1$/m,
          /^JMP_DRIVERS_ALLOW=UNSAFE$/m,
        ],
        nowhere: /PASSPHRASE/,
      },
      ...[126, 127].map((status): ShellRow => ({
        name: `a command's status ${status} passes through`,
        command: ["sh", "-c", `exit ${status}`],
        status,
      })),
      {
        name: "a command that is not there is told (0.9.0 has status 1 for it)",
        command: ["no-such-command"],
        status: 1,
        stderr: [/No such file or directory: 'no-such-command'/],
      },
      {
        name: "an interactive shell opens",
        command: [],
        env: { SHELL: "/bin/pwd" },
        status: 0,
        stdout: [/^\//m],
      },
      {
        name: "who speaks TLS is told of the handshake",
        flags: [],
        status: 1,
        stderr: [
          /Exporter did not respond to initial connection .*\n(.*\n)*.*WRONG_VERSION_NUMBER/,
        ],
      },
      {
        name: "a passphrase that nobody asks for does no harm",
        more: ["--passphrase", "guessed"],
        status: 0,
      },
    ],
    end: {
      status: 0,
      stderr: [/power on\n(.*\n)*.*power off\n(.*\n)*.*\[exporter\.hook\] cleaned$/m],
      nowhere: /guessed/,
    },
  };
}

/** TLS and a passphrase, and hooks of which one calls the peer's `j`, without either. */
function secured({ cert, key }: CertificateFiles, pythonJ: string): Served {
  const trust = { GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: cert };
  const beforeLease = hook(`${pythonJ} power on && ${namedHooks.beforeLease!.script}`, {
    exec: "bash",
  });
  const denied: Sight = {
    status: 1,
    stdout: [/^$/],
    stderr: [/^Error: .*Authentication failed: invalid or missing passphrase$/m],
    nowhere: /guessed/,
  };
  return {
    name: "TLS with a passphrase",
    exporter: {
      more: { hooks: { ...namedHooks, beforeLease } },
      host: "0.0.0.0",
      flags: ["--tls-cert", cert, "--tls-key", key, "--passphrase", SECRET],
    },
    ready: /bash 2/,
    flags: ["--passphrase", SECRET],
    rows: [
      {
        name: "the right one opens the board, for both kinds of j",
        env: trust,
        command: ["sh", "-c", `j power on && ${OUR_J} power off`],
        status: 0,
        stdout: [/\[exporter:beforeLease\] bash 2$/m],
      },
      { name: "a wrong one does not", flags: ["--passphrase", "guessed"], env: trust, ...denied },
      { name: "nor does none", flags: [], env: trust, ...denied },
      {
        name: "a certificate that nobody trusts is named",
        status: 1,
        stderr: [/Exporter did not respond to initial connection .*\n(.*\n)*.*CERTIFICATE_VERIFY/],
      },
      {
        name: "who speaks plaintext gets no answer",
        flags: ["--passphrase", SECRET, ...INSECURE],
        status: 1,
        stderr: [/Exporter did not respond to initial connection/],
      },
    ],
    end: {
      status: 0,
      stderr: [
        /WARNING .*authentication failed: invalid or missing passphrase for method \/jumpstarter/,
        /power on\n(.*\n)*.*\] bash 2\n(.*\n)*.*\] python 3$/m,
      ],
      nowhere: /open-sesame|guessed|TLS handshake|Error:/,
    },
  };
}

/** Hooks that fail, and what becomes of those who come later. */
const failing: readonly Served[] = [
  {
    name: "beforeLease fails: warn; afterLease fails: exit",
    exporter: {
      more: {
        hooks: {
          beforeLease: hook("echo at it; exec sleep 60", { timeout: 1, onFailure: "warn" }),
          afterLease: hook("echo not clean; exit 4", { onFailure: "exit" }),
        },
      },
    },
    ready: /continuing/,
    flags: INSECURE,
    rows: [{
      name: "a shell opens with the warning",
      command: ["sh", "-c", "exit 9"],
      status: 9,
      stdout: [/^Warning: beforeLease hook warning: Hook timed out after 1 seconds$/m],
    }],
    end: { status: 1, stderr: [/not clean\n(.*\n)*.*Hook failed with exit code 4 .*exit/] },
  },
  {
    name: "beforeLease fails: endLease",
    exporter: {
      more: {
        hooks: {
          beforeLease: hook("echo no power; exit 3", { onFailure: "endLease" }),
          afterLease: hook("echo cleaned"),
        },
      },
    },
    ready: /raising exception/,
    flags: INSECURE,
    rows: [{
      name: "nobody gets the board, and everybody is told why",
      command: ["echo", "it runs"],
      status: 1,
      stderr: [/^Error: .*beforeLease hook failed .*: Hook failed with exit code 3/m],
      nowhere: /it runs/,
    }],
    end: { status: 0, stderr: [/no power/], nowhere: /cleaned/ },
  },
];

Deno.test("Python's shells on our exporter in the network see what there is to see [client 78, 79, 81, 82, exporter 70, 71, 72, 75, 76]", async (test) => {
  await using dir = await tempDir();
  await using python = await PythonJmp.open();
  const { j, python: interpreter } = await peer();
  const groups = [
    plain(await fileHooks(dir.path), { PATH: pythonPath(interpreter) }),
    secured(await selfSigned(dir.path), j),
    ...failing,
  ];
  await judge(test, groups, (group) => visit(python, group));
});

/** Starts an exporter, all its shells at once, and ends it. */
async function visit(
  python: PythonJmp,
  { exporter, ready, flags, rows }: Served,
): Promise<Visit> {
  await using bench = await openDirect(exporter);
  await bench.program.shown(ready);
  const address = bench.host.replace("0.0.0.0", "localhost");
  const shells = await Promise.all(
    rows.map(({ env = {}, ...row }) => python.run(shellWords(address, flags, row), { env })),
  );
  bench.program.kill("SIGTERM");
  return { shells, ended: await within(SOON, bench.program.finished) };
}

/** A Python shell that stays open; it is in it when it has said so. */
async function openShell(
  python: PythonJmp,
  { host }: DirectBench,
  ...more: string[]
): Promise<PythonRun> {
  const command = ["sh", "-c", "echo in; exec sleep 30"];
  return await python.start(shellWords(host, INSECURE, { more, command }));
}

Deno.test("Python's shells on our exporter see others come, and its end, as they happen [exporter 73]", async (test) => {
  await using python = await PythonJmp.open();
  await test.step("who comes second is told of the first", async () => {
    await using bench = await openDirect();
    await using first = await openShell(python, bench);
    await first.shown(/^in$/m);
    await using second = await openShell(python, bench, "--exporter-logs");
    await second.shown(/in use as well by 127\.0\.0\.1:\d+ since/);
  });
  await test.step("the afterLease hook is shown in a shell that is open", async () => {
    const hooks = { afterLease: hook("echo cleaned") };
    await using bench = await openDirect({ more: { hooks } });
    await using shell = await openShell(python, bench);
    await shell.shown(/^in$/m);
    bench.program.kill("SIGTERM");
    await shell.shown(/\[exporter:afterLease\] cleaned$/m);
    assertSight({ status: 0, stderr: [/cleaned/] }, await within(SOON, bench.program.finished));
  });
  await test.step("a hook with exit tells who waits for the board", async () => {
    await using dir = await tempDir();
    const go = `${dir.path}/go`;
    const beforeLease = hook(`echo at it; ${waitsFor(go)}; echo no power; exit 3`, {
      onFailure: "exit",
    });
    await using bench = await openDirect({ more: { hooks: { beforeLease } } });
    await using shell = await openShell(python, bench);
    await shell.shown(/\[exporter:beforeLease\] at it$/m);
    await Deno.writeTextFile(go, "");
    assertSight({
      status: 1,
      stdout: [/no power$/m],
      stderr: [/^Error: .*beforeLease hook failed .*: Hook failed with exit code 3/m],
      nowhere: /^in$/m,
    }, await shell.end());
    assertSight({ status: 1, stderr: [/no power/] }, await within(SOON, bench.program.finished));
  });
});
