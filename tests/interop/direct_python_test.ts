import { type CertificateFiles, selfSigned } from "../support/certificate.ts";
import { freePort } from "../support/direct.ts";
import { types, writeExporter } from "../support/exporter_file.ts";
import { jmp, jmpCommand, repoPath, tempDir } from "../support/programs.ts";
import { type Running, start, within } from "../support/running.ts";
import { PythonJmp, type PythonRun } from "./direct_forks.ts";
import { fileHooks, hook, type HookEntry, namedHooks, TOLD, waitsFor } from "./direct_hooks.ts";
import {
  assertSight,
  type Group,
  judge,
  shellWords,
  type Sight,
  type Visit,
} from "./direct_rows.ts";
import { peer } from "./peer.ts";

const SECRET = "open-sesame";
const INSECURE = ["--tls-grpc-insecure"];
/** What a shell has to end when its exporter is gone, milliseconds; the machine may be busy. */
const SOON = 15_000;

/** A Python exporter for our shells. */
interface Served extends Group {
  readonly hooks: Readonly<Record<string, HookEntry>>;
  readonly listener?: readonly string[];
  /** What the exporter says when the first hook is done. */
  readonly ready: RegExp;
}

const HOOK_LINE = /\[exporter:beforeLease\] standalone/;
const LOG_LINE = /exporter:(driver|system)/;
const SCRIPT = `import { env } from "@jumpstarter/lib/client";
import { PowerClient } from "@jumpstarter/drivers/clients";
await using board = await env({ power: PowerClient });
await board.power.on();
for await (const { voltage } of board.power.read()) console.log(voltage);`;

/** Plaintext, and hooks in files. The Python exporter shows each record to one of its clients. */
function plain(hooks: Served["hooks"], script: string, pythonJ: string): Served[] {
  const deno = [Deno.execPath(), "run", "-qA", `--config=${repoPath("deno.json")}`, script];
  return [
    {
      name: "plaintext",
      hooks,
      ready: /hook completed successfully/,
      flags: INSECURE,
      rows: [{
        name: "j works, and its status passes through; all logs are shown with --exporter-logs",
        more: ["--exporter-logs"],
        command: ["sh", "-c", "j power on && exit 7"],
        status: 7,
        stderr: [HOOK_LINE, TOLD, /prepared$/m, LOG_LINE, /power on$/m],
      }],
      end: {
        status: 0,
        stderr: [/power on\n(.*\n)*.*power off\n(.*\n)*.*hooks:cleaned$/m],
      },
    },
    {
      name: "plaintext, many at once",
      hooks: {},
      ready: /server started/,
      flags: INSECURE,
      rows: [
        {
          name: "the peer's j works",
          command: ["sh", "-c", `${pythonJ} power on`],
          status: 0,
          nowhere: LOG_LINE,
        },
        {
          name: "a script has the board of its environment",
          command: deno,
          status: 0,
          stdout: [/^0\n5$/m],
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
        {
          name: "the status of a command that cannot run is 126",
          command: [script],
          status: 126,
          stderr: [/^error: permission denied: /m],
        },
        {
          name: "of one that is not there, 127",
          command: ["no-such-command"],
          status: 127,
          stderr: [/^error: command not found: no-such-command$/m],
        },
        {
          name: "an interactive shell greets with the drivers; 0.9.0 sends no motd",
          command: [],
          env: { SHELL: "/bin/pwd" },
          status: 0,
          stdout: [/^\S+ · power .*\n\/.*\n$/],
        },
        {
          name: "who speaks TLS is told what to do",
          flags: [],
          status: 1,
          stderr: [/^error: Exporter did not respond .*does not speak TLS: --tls-grpc-insecure/m],
        },
        {
          name: "a passphrase that nobody asks for does no harm",
          more: ["--passphrase", "guessed"],
          status: 0,
          nowhere: /guessed/,
        },
      ],
      end: { status: 0, nowhere: /guessed|Traceback/ },
    },
  ];
}

/** TLS and a passphrase. The Python exporter's hooks have no `j` then: their socket asks for it too. */
function secured({ cert, key }: CertificateFiles, pythonJ: string): Served {
  const denied: Sight = {
    status: 1,
    stdout: [/^$/],
    stderr: [/^error: Authentication failed: invalid or missing passphrase$/m],
    nowhere: /guessed/,
  };
  const bothKinds = ["sh", "-c", `j power on && ${pythonJ} power off`];
  const right = ["--passphrase", SECRET];
  return {
    name: "TLS with a passphrase",
    hooks: namedHooks,
    listener: ["--tls-cert", cert, "--tls-key", key, "--passphrase", SECRET],
    ready: /hook completed successfully/,
    flags: ["--tls-ca", cert],
    rows: [
      {
        name: "the right one opens the board, for both kinds of j",
        more: right,
        command: bothKinds,
        status: 0,
      },
      {
        name: "so it does with variables alone",
        flags: [],
        env: { GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: cert, JMP_GRPC_PASSPHRASE: SECRET },
        command: ["j", "power", "on"],
        status: 0,
      },
      { name: "a wrong one does not", more: ["--passphrase", "guessed"], ...denied },
      { name: "nor does none", ...denied },
      {
        name: "a certificate that nobody trusts is told, with what to do",
        flags: right,
        status: 1,
        stderr: [
          /^error: Exporter did not respond .*certificate is not trusted .* --tls-ca \(in a script: ca\)$/m,
        ],
      },
      {
        name: "who speaks plaintext is told what to do",
        flags: [...right, ...INSECURE],
        status: 1,
        stderr: [
          /^error: Exporter did not respond .*it speaks TLS: leave --tls-grpc-insecure out/m,
        ],
      },
    ],
    end: {
      status: 0,
      stderr: [
        /authentication failed: invalid or missing passphrase for method \/jumpstarter/,
        /hooks:bash 2\n(.*\n)*.*power on\n(.*\n)*.*hooks:python 3$/m,
      ],
      nowhere: /open-sesame|guessed/,
    },
  };
}

/** Hooks that fail, and what becomes of those who come later. */
const failing: readonly Served[] = [
  {
    name: "beforeLease fails: warn",
    hooks: { beforeLease: hook("echo at it; exec sleep 60", { timeout: 1, onFailure: "warn" }) },
    ready: /continuing/,
    flags: INSECURE,
    rows: [{
      name: "a shell opens with the warning",
      command: ["sh", "-c", "exit 9"],
      status: 9,
      stderr: [
        /\[exporter:beforeLease\] at it\n(.*\n)*Warning: beforeLease hook warning: Hook timed out/,
      ],
    }],
    end: { status: 0 },
  },
  {
    name: "beforeLease fails: endLease",
    hooks: {
      beforeLease: hook("echo no power; exit 3", { onFailure: "endLease" }),
      afterLease: hook("echo cleaned"),
    },
    ready: /raising exception/,
    flags: INSECURE,
    rows: [{
      name: "nobody gets the board, and everybody is told why",
      command: ["echo", "it runs"],
      status: 1,
      stderr: [
        /\] no power\n(.*\n)*error: beforeLease hook failed .*: Hook failed with exit code 3; .*\n$/,
      ],
      nowhere: /it runs|waiting for .*failed/,
    }],
    end: { status: 0, stderr: [/no power/], nowhere: /cleaned/ },
  },
];

/** Starts a Python exporter; resolves once clients can connect. */
async function serve(
  python: PythonJmp,
  dir: string,
  { hooks = {}, listener = INSECURE }: Partial<Pick<Served, "hooks" | "listener">>,
): Promise<{ address: string; exporter: PythonRun }> {
  const folder = await Deno.makeTempDir({ dir });
  const more = { motd: "Bench 7", hooks };
  const file = await writeExporter(folder, { power: { type: types.power } }, more);
  const address = `127.0.0.1:${freePort()}`;
  const run = ["run", "--exporter-config", file, "--tls-grpc-listener", address, ...listener];
  const exporter = await python.start(run, { env: { TMPDIR: folder } });
  await exporter.shown(/server started on/);
  return { address, exporter };
}

/** Starts an exporter, all its shells at once, and ends it. */
async function visit(
  python: PythonJmp,
  dir: string,
  { ready, flags, rows, ...served }: Served,
): Promise<Visit> {
  const { address, exporter } = await serve(python, dir, served);
  await using _ = exporter;
  await exporter.shown(ready);
  const shells = await Promise.all(
    rows.map(({ env = {}, ...row }) => jmp(shellWords(address, flags, row), { env })),
  );
  await exporter.kill("SIGTERM");
  return { shells, ended: await exporter.end() };
}

Deno.test("our shells on a Python exporter in the network see what there is to see [client 78, 79, 80, 81, 82]", async (test) => {
  await using dir = await tempDir();
  await using python = await PythonJmp.open();
  const { j } = await peer();
  const script = `${dir.path}/script.ts`;
  await Deno.writeTextFile(script, SCRIPT);
  const groups = [
    ...plain(await fileHooks(dir.path), script, j),
    secured(await selfSigned(dir.path), j),
    ...failing,
  ];
  await judge(test, groups, (group) => visit(python, dir.path, group));
});

/** A shell of ours that stays open; it is in it when it has said so. */
function openShell(address: string): Running {
  const command = ["sh", "-c", "echo in; exec sleep 30"];
  return start(jmpCommand(...shellWords(address, INSECURE, { command })));
}

Deno.test("our shells see what a Python exporter's hooks do, as it happens", async (test) => {
  await using dir = await tempDir();
  await using python = await PythonJmp.open();
  await test.step("the afterLease hook is shown, and the shell ends with the exporter", async () => {
    const hooks = { afterLease: hook("echo cleaned") };
    const { address, exporter } = await serve(python, dir.path, { hooks });
    await using _ = exporter;
    await using shell = openShell(address);
    await shell.shown(/^in$/m);
    await exporter.kill("SIGTERM");
    assertSight({
      status: 1,
      stderr: [/\[exporter:afterLease\] cleaned\n(.*\n)*error: the exporter .*went away\n$/],
    }, await within(SOON, shell.finished));
  });
  await test.step("a hook with exit tells who waits for the board", async () => {
    const go = `${dir.path}/go`;
    const beforeLease = hook(`echo at it; ${waitsFor(go)}; echo no power; exit 3`, {
      onFailure: "exit",
    });
    const { address, exporter } = await serve(python, dir.path, { hooks: { beforeLease } });
    await using _ = exporter;
    await using shell = openShell(address);
    await shell.shown(/\[exporter:beforeLease\] at it$/m);
    await Deno.writeTextFile(go, "");
    assertSight({
      status: 1,
      stderr: [
        /^waiting for \S+: Running beforeLease hook$/m,
        /\] no power\n(.*\n)*error: (beforeLease hook failed|the exporter .*went away)/,
      ],
      nowhere: /^in$/m,
    }, await within(SOON, shell.finished));
  });
});
