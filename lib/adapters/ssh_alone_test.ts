import assert from "node:assert/strict";
import { ConnectionError } from "../errors.ts";
import { copy, fromConnection, pipe } from "../streams/mod.ts";
import { mustRun, tempDir } from "../../tests/support/programs.ts";
import { start, within } from "../../tests/support/running.ts";
import { type SshOptions, type SshTarget, sshThrough } from "./ssh.ts";

/** A device that sends back what it gets. */
const echo: SshTarget = {
  name: "ssh",
  stream() {
    const [device, stream] = pipe();
    void copy(device, device).catch(() => {});
    return Promise.resolve(stream);
  },
};

/** Sets a variable until it is disposed. */
function setEnv(name: string, value: string): Disposable {
  const before = Deno.env.get(name);
  Deno.env.set(name, value);
  return {
    [Symbol.dispose]: () =>
      before === undefined ? Deno.env.delete(name) : Deno.env.set(name, before),
  };
}

/**
 * An `ssh` that tells its arguments in a file, connects to its port, sends its input there, and prints
 * what comes back; `exit N` as a command is its status, `hang` never ends.
 */
const FAKE = `
const args = Deno.args;
await Deno.writeTextFile(Deno.env.get("FAKE_SSH_LOG"), JSON.stringify(args));
const connection = await Deno.connect({ port: Number(args[args.indexOf("-p") + 1]) });
if (args.at(-1) === "hang") {
  Deno.addSignalListener("SIGTERM", () => {});
  await Deno.writeTextFile(Deno.env.get("FAKE_SSH_LOG") + ".up", "");
  await new Promise((never) => setTimeout(never, 1e6));
}
const back = connection.readable.pipeTo(Deno.stdout.writable, { preventClose: true });
await Deno.stdin.readable.pipeTo(connection.writable, { preventClose: true });
await connection.closeWrite();
await back;
console.error("from ssh");
const status = /^exit (\\d+)$/.exec(args.at(-1));
Deno.exit(status === null ? 0 : Number(status[1]));
`;

interface FakeSsh extends AsyncDisposable {
  dir: string;
  args(): Promise<string[]>;
}

/** Puts the fake in front of the PATH. */
async function fakeSsh(): Promise<FakeSsh> {
  const dir = await tempDir();
  await Deno.writeTextFile(`${dir.path}/fake.js`, FAKE);
  const script =
    `#!/bin/sh\nexec '${Deno.execPath()}' run -A --no-config '${dir.path}/fake.js' "$@"\n`;
  await Deno.writeTextFile(`${dir.path}/ssh`, script, { mode: 0o755 });
  const path = setEnv("PATH", `${dir.path}:${Deno.env.get("PATH")}`);
  const log = setEnv("FAKE_SSH_LOG", `${dir.path}/args`);
  return {
    dir: dir.path,
    args: async () => JSON.parse(await Deno.readTextFile(`${dir.path}/args`)),
    async [Symbol.asyncDispose]() {
      log[Symbol.dispose]();
      path[Symbol.dispose]();
      await dir[Symbol.asyncDispose]();
    },
  };
}

Deno.test("ssh is run against a forward of the stream, and its output is captured", async () => {
  await using ssh = await fakeSsh();
  const result = await sshThrough(echo, { input: "through the device", command: "exit 3" });
  assert.deepEqual(result, { status: 3, stdout: "through the device", stderr: "from ssh\n" });
  const [flag, port] = await ssh.args();
  assert.equal(flag, "-p");
  await assert.rejects(
    Deno.connect({ port: Number(port) }),
    Deno.errors.ConnectionRefused,
    "the forward is closed",
  );
});

Deno.test("ssh verifies the device's key under its own name, and gets every word as it stands", async () => {
  await using ssh = await fakeSsh();
  using _exporter = setEnv("JMP_EXPORTER", "rack 7/rpi4");
  const fixed = ["-o", "ConnectTimeout=30", "-o", "ControlPath=none", "127.0.0.1"];
  const alias = ["-o", "HostKeyAlias=ssh.rack_7_rpi4", "-o", "StrictHostKeyChecking=accept-new"];
  const cases: [SshOptions, string[]][] = [
    [{}, [...alias, ...fixed]],
    [{ user: "-oProxyCommand=x" }, ["-l", "-oProxyCommand=x", ...alias, ...fixed]],
    [{ command: "-v; $(x) *" }, [...alias, ...fixed, "--", "-v; $(x) *"]],
    [{ command: ["echo", "a 'b' $c"] }, [...alias, ...fixed, "--", `'echo' 'a '\\''b'\\'' $c'`]],
    [{ args: ["-A", "-o", "Port=1"] }, ["-A", "-o", "Port=1", ...alias, ...fixed]],
    [
      { identityFile: "/a key", knownHostsFile: '/a "b" 5%' },
      [
        ...["-i", "/a key", "-o", "IdentitiesOnly=yes", ...alias],
        ...["-o", 'UserKnownHostsFile="/a \\"b\\" 5%%"', ...fixed],
      ],
    ],
    [
      { hostKeys: "known", device: "dut,1*" },
      ["-o", "HostKeyAlias=dut_1_", "-o", "StrictHostKeyChecking=yes", ...fixed],
    ],
    [
      { hostKeys: "any", device: "x" },
      [
        ...["-o", "HostKeyAlias=x", "-o", "StrictHostKeyChecking=no"],
        ...["-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", ...fixed],
      ],
    ],
  ];
  for (const [options, expected] of cases) {
    await sshThrough(echo, options);
    const [flag, port, ...rest] = await ssh.args();
    assert.deepEqual([flag, rest], ["-p", expected]);
    assert.match(port!, /^\d+$/);
  }
});

Deno.test("the signal ends ssh, also one that ignores SIGTERM", async () => {
  await using ssh = await fakeSsh();
  const aborter = new AbortController();
  const running = sshThrough(echo, { command: "hang", signal: aborter.signal });
  // Only once the fake ignores SIGTERM.
  for (let isUp = false; !isUp;) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    isUp = await Deno.stat(`${ssh.dir}/args.up`).then(() => true, () => false);
  }
  aborter.abort(new Error("enough"));
  await assert.rejects(within(5_000, running), /enough/);
  await assert.rejects(sshThrough(echo, { signal: aborter.signal }), /enough/);
});

Deno.test("where there is no ssh, the error says what to install", async () => {
  await assert.rejects(sshThrough(echo, { program: "/nowhere/ssh" }), {
    code: "not_installed",
    message: /there is no \/nowhere\/ssh on this machine; install .* openssh-client on Debian/,
  });
  await using dir = await tempDir();
  await Deno.writeTextFile(`${dir.path}/ssh`, "#!/bin/sh\n", { mode: 0o600 });
  await assert.rejects(sshThrough(echo, { program: `${dir.path}/ssh` }), {
    code: "not_runnable",
    message: /cannot run .*\/ssh: .*permission denied/i,
  });
});

/** The programs of OpenSSH; a test machine may have none of them. */
const has = (path: string) => {
  try {
    return Deno.statSync(path).isFile || Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
};
const SSHD = "/usr/sbin/sshd";
/** The folder that sshd wants when root starts it. */
const hasFolder = has("/run/sshd") || Deno.uid() !== 0;
const hasSsh = has("/usr/bin/ssh") && has("/usr/bin/ssh-keygen");

Deno.test({
  name: "a device that cannot be reached is its own error, not that of ssh (needs ssh)",
  ignore: !hasSsh,
  async fn() {
    const refused = new ConnectionError("cannot connect to dut:22: connection refused");
    await assert.rejects(
      sshThrough({ name: "ssh", stream: () => Promise.reject(refused) }, { command: "true" }),
      {
        code: "connection",
        message: "ssh cannot reach the device: cannot connect to dut:22: connection refused",
        cause: refused,
      },
    );
  },
});

Deno.test({
  name: "a real SSH server: statuses, words, input, keys that change (needs sshd and /run/sshd)",
  ignore: !hasSsh || !has(SSHD) || !hasFolder,
  async fn() {
    await using dir = await tempDir();
    const file = (name: string) => `${dir.path}/${name}`;
    for (const key of ["id", "host_1", "host_2"]) {
      await mustRun("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file(key));
    }
    await Deno.writeTextFile(file("known"), "");
    const options: SshOptions = {
      identityFile: file("id"),
      knownHostsFile: file("known"),
      args: ["-F", "none"],
      device: "dut-7",
    };
    {
      await using device = await sshServer(dir.path, file("host_1"));
      const run = (more: SshOptions) => sshThrough(device.target, { ...options, ...more });
      const unknown = await run({ command: "true", hostKeys: "known" });
      assert.equal(unknown.status, 255);
      assert.match(unknown.stderr, /Host key verification failed/);
      const first = await run({ command: ["printf", "%s|", "a 'b'", "$HOME", ""] });
      assert.equal(first.stdout, "a 'b'|$HOME||", first.stderr);
      assert.match(await Deno.readTextFile(file("known")), /^dut-7 ssh-ed25519 /m);
      const { status, stdout, stderr } = await run({
        command: "tr a-z A-Z; echo oops >&2; exit 3",
        hostKeys: "known",
        input: "hello",
      });
      assert.deepEqual([status, stdout, stderr], [3, "HELLO", "oops\n"]);
    }
    await using device = await sshServer(dir.path, file("host_2"));
    const run = (more: SshOptions) => sshThrough(device.target, { ...options, ...more });
    const changed = await run({ command: "true" });
    assert.equal(changed.status, 255);
    assert.match(changed.stderr, /HOST IDENTIFICATION HAS CHANGED/);
    const { knownHostsFile: _, ...anyKey } = options;
    const any = await sshThrough(device.target, { ...anyKey, hostKeys: "any", command: "echo in" });
    assert.deepEqual([any.status, any.stdout, any.stderr], [0, "in\n", ""]);
    const aborter = new AbortController();
    const sleeping = run({ command: "sleep 60", hostKeys: "any", signal: aborter.signal });
    setTimeout(() => aborter.abort(new Error("enough")), 300);
    await assert.rejects(within(5_000, sleeping), /enough/);
  },
});

/** Starts an SSH server of this user's own, and a driver client that leads to it. */
async function sshServer(
  dir: string,
  hostKey: string,
): Promise<AsyncDisposable & { target: SshTarget }> {
  const port = freePort();
  const settings = [
    ...[
      `HostKey ${hostKey}`,
      `AuthorizedKeysFile ${dir}/id.pub`,
      `ListenAddress 127.0.0.1:${port}`,
    ],
    ...["PidFile none", "StrictModes no", "UsePAM no", "PasswordAuthentication no"],
  ];
  await Deno.writeTextFile(`${dir}/sshd_config`, settings.join("\n") + "\n");
  const server = start([SSHD, "-D", "-e", "-f", `${dir}/sshd_config`]);
  try {
    await server.shown(/Server listening/);
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
  return {
    target: { stream: async () => fromConnection(await Deno.connect({ port })) },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
