import assert from "node:assert/strict";
import { openShell, type ShellBench } from "../support/bench.ts";
import { types } from "../support/exporter_file.ts";
import { type Finished, run, tempDir } from "../support/programs.ts";

/** A command line of `j`, and what is said of it. */
interface Line {
  /** `WAY` is another word for each of the two ways, for what can be done only once. */
  line: string;
  status?: number;
  stdout?: string | RegExp;
  stderr?: string | RegExp;
  /** Standard input. */
  input?: string;
}

/** Everything that `j` prints is the same whoever carries it out; only times differ. */
const lines: Line[] = [
  { line: "", stdout: /^├─ power {4}on off cycle read/m },
  { line: "--help", stdout: /^usage: j <name> … <command> …\n/ },
  { line: "--log-level DEBUG power on", stdout: "" },
  { line: "--log-level LOUD power on", status: 1, stderr: /^error: --log-level takes one of/ },
  { line: "power on", stdout: "" },
  { line: "power off", stdout: "" },
  { line: "power read", stdout: /^voltage=0\.0 V .*\nvoltage=5\.0 V .*\n$/ },
  { line: "power cycle -w 0", stdout: "Power cycling with 0 seconds wait time...\n" },
  { line: "power --help", stdout: /^usage: j power <command> …\n/ },
  { line: "power cycle --help", stdout: /^Usage: j power cycle \[options\]/ },
  { line: "power", status: 1, stderr: /^usage: j power/ },
  { line: "power onn", status: 1, stderr: /did you mean "on"\?\n$/ },
  { line: "nope", status: 1, stderr: /^error: "j" has no command "nope"; it has power, / },
  { line: "power on --fast", status: 1, stderr: /^error: unknown option '--fast'/ },
  { line: "power rescue", status: 1, stderr: /^error: the driver does not offer "rescue"/ },
  { line: "echo address", status: 1, stderr: /^error: the exporter does not tell the address/ },
  { line: "tcp address --host", stdout: "127.0.0.1\n" },
  { line: "answer pipe", input: "hello\n", stdout: "HELLO\n", stderr: /the port was closed\n$/ },
  { line: "loop pipe --no-output", input: "hello\n", stdout: "", stderr: /all is sent\n$/ },
  { line: "loop start-console", status: 1, stderr: /^error: a console needs a terminal/ },
  { line: "flasher dump ../nothing.img", status: 1, stderr: /^error: .*nothing was flashed/ },
  { line: "flasher flash --verify ../image.img", stderr: /^✓ written and verified: 0\.3 MB in / },
  { line: "flasher dump dumped.img", stderr: /^✓ read: 0\.3 MB in .*sha256 [0-9a-f]{64}\n$/ },
  { line: "flasher flash -", input: "an image", stderr: /^✓ written: 0\.0 MB in / },
  { line: "flasher dump -", stdout: "an image", stderr: /^✓ read: / },
  { line: "flasher flash -t rootfs:../image.img", stderr: /^✓ written: 0\.3 MB in / },
  { line: "flasher dump -t nope -", status: 1, stderr: /^error: .*nothing was flashed to "nope"/ },
  { line: "flasher flash ../missing.img", status: 1, stderr: /^error: cannot read .*missing\.img/ },
  { line: "files write-bytes a/note", input: "some text", stdout: "" },
  { line: "files read-bytes a/note", stdout: "some text" },
  { line: "files write-from-path a/image ../image.img", stderr: /^✓ written: 0\.3 MB/ },
  { line: "files read-into-path a/image read.img", stderr: /^✓ read: 0\.3 MB/ },
  { line: "files read-bytes a/image", stdout: /^x{300000}$/ },
  { line: "files stat a/note", stdout: /"content_length": 9/ },
  { line: "files hash a/note --algo md5", stdout: "552e21cd4cd9918678e3c1a0df491bc3\n" },
  { line: "files copy a/note WAY/note", stdout: "" },
  { line: "files rename WAY/note WAY/renamed", stdout: "" },
  { line: "files scan WAY/", stdout: /^WAY\/renamed$/m },
  { line: "files list a/", stdout: /^a\/note$/m },
  { line: "files exists WAY/renamed" },
  { line: "files exists WAY/note", status: 1, stdout: "", stderr: "" },
  { line: "files create-dir c/", stdout: "" },
  { line: "files create-dir c", status: 1, stderr: /the path of a folder ends with \// },
  { line: "files delete WAY/renamed", stdout: "" },
  { line: "files remove-all WAY/", stdout: "" },
  { line: "files stat WAY/note", status: 1, stderr: /cannot stat "WAY\/note": No such file/ },
  { line: "files read-bytes ../outside", status: 1, stderr: /outside the storage's root/ },
  { line: "files presign-read a/note", status: 1, stderr: /has no URLs for its files/ },
  { line: "files capability", stdout: /"presign": false/ },
];

/** A device that answers a line in capitals and hangs up. */
function startDevice(): Disposable & { port: number } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serve = async () => {
    for await (const connection of listener) {
      const buffer = new Uint8Array(100);
      const size = await connection.read(buffer);
      const line = new TextDecoder().decode(buffer.subarray(0, size ?? 0));
      await connection.write(new TextEncoder().encode(line.toUpperCase()));
      connection.close();
    }
  };
  void serve();
  return { port: listener.addr.port, [Symbol.dispose]: () => listener.close() };
}

async function openBench(port: number, root: string): Promise<ShellBench> {
  const serial = (url: string) => ({ type: types.serial, config: { url, check_present: false } });
  const bench = await openShell({
    power: { type: types.power },
    flasher: { type: types.flasher },
    files: { type: types.opendal, config: { scheme: "fs", kwargs: { root } } },
    echo: { type: types.echo },
    tcp: { type: types.tcp, config: { host: "127.0.0.1", port: 1 } },
    loop: serial("loop://"),
    answer: serial(`socket://127.0.0.1:${port}`),
  });
  await Deno.writeTextFile(`${bench.dir}/image.img`, "x".repeat(300_000));
  return bench;
}

function matches(text: string, expected: string | RegExp | undefined): void {
  if (typeof expected === "string") assert.equal(text, expected);
  else if (expected !== undefined) assert.match(text, expected);
}

/** What a run left behind, without the time it took, and with the same word for both ways. */
function comparable({ stdout, stderr, status }: Finished, name: string): Finished {
  return {
    status,
    stdout: stdout.replaceAll(name, "WAY"),
    stderr: stderr.replace(/in \d+\.\d s/, "in … s").replaceAll(name, "WAY"),
  };
}

Deno.test("the shell's j and a j on its own do and say the same", async (test) => {
  using device = startDevice();
  await using root = await tempDir();
  await using bench = await openBench(device.port, root.path);
  const ways = { "way-1": bench.warm, "way-2": bench.cold };
  for (const name of Object.keys(ways)) await Deno.mkdir(`${bench.dir}/${name}`);
  for (const { line, status = 0, stdout, stderr, input } of lines) {
    await test.step(`j ${line}`, async () => {
      const results = Object.entries(ways).map(async ([name, command]) => {
        const args = line.replaceAll("WAY", name).split(" ").filter((word) => word !== "");
        const options = input === undefined ? {} : { input };
        const cwd = `${bench.dir}/${name}`;
        return comparable(await run(command(...args), { env: bench.env, cwd, ...options }), name);
      });
      const [warm, cold] = await Promise.all(results) as [Finished, Finished];
      assert.deepEqual(warm, cold);
      assert.equal(warm.status, status, warm.stderr);
      matches(warm.stdout, stdout);
      matches(warm.stderr, stderr);
      assert.doesNotMatch(warm.stderr, /\n\s+at /, "a stack trace is no answer");
    });
  }
  for (const name of Object.keys(ways)) {
    for (const file of ["dumped.img", "read.img"]) {
      assert.equal((await Deno.stat(`${bench.dir}/${name}/${file}`)).size, 300_000);
    }
  }
});
