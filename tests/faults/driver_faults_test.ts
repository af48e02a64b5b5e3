import assert from "node:assert/strict";
import { loadExporterFile } from "@jumpstarter/lib/config";
import { Driver, type DriverHost, type LogRecord } from "@jumpstarter/lib/driver";
import { DeviceTree, serveLocal, Session } from "@jumpstarter/exporter";
import { MockFlasher } from "@jumpstarter/drivers/opendal";
import { MockPower } from "@jumpstarter/drivers/power";
import { types, writeExporter } from "../support/exporter_file.ts";
import { exporterCommand, jmpCommand, run, tempDir } from "../support/programs.ts";
import { hasSocat, ptyPair } from "../support/pty_pair.ts";
import { start, within } from "../support/running.ts";

/** Entries whose session cannot start, and the sentence that says why. */
const broken: [string, Record<string, unknown>, RegExp][] = [
  [
    "a storage that cannot be made",
    {
      type: types.opendal,
      config: { scheme: "fs", kwargs: { root: "/dev/null/below" } },
    },
    /^error: resetting driver "last" failed: .*\/dev\/null\/below.*\n$/,
  ],
  [
    "a reset that throws",
    { type: types.serial, config: { url: "/dev/nonexistent" } },
    /^error: .*serial port \/dev\/nonexistent: .*set check_present: false.*\n$/,
  ],
];

for (const [name, entry, sentence] of broken) {
  Deno.test(`a driver with ${name} is one sentence and status 1, and leaves nothing behind`, async () => {
    await using dir = await tempDir();
    const file = await writeExporter(dir.path, { first: { type: types.flasher }, last: entry });
    await Deno.mkdir(`${dir.path}/runtime`);
    const commands = [
      jmpCommand("shell", "--exporter-config", file, "--", "echo", "started"),
      exporterCommand("run", "--exporter-config", file, "--socket", `${dir.path}/socket`),
    ];
    for (const command of commands) {
      const { status, stdout, stderr } = await run(command, {
        env: { XDG_RUNTIME_DIR: `${dir.path}/runtime` },
      });
      assert.match(stderr, sentence);
      assert.equal(status, 1);
      assert.equal(stdout, "");
      assert.deepEqual([...Deno.readDirSync(`${dir.path}/runtime`)], []);
    }
    await assert.rejects(Deno.lstat(`${dir.path}/socket`), Deno.errors.NotFound);
  });

  Deno.test(`drivers beside one with ${name} are closed`, async () => {
    await using dir = await tempDir();
    const file = await writeExporter(dir.path, {
      first: { type: types.power },
      group: { children: { second: { type: types.flasher } } },
      last: entry,
    });
    using closed = watchClosing(MockPower, MockFlasher);
    await assert.rejects(serveLocal(await loadExporterFile(file)));
    assert.deepEqual(closed.names, ["second", "first"]);
  });
}

/** Notes the drivers of some classes that are closed, in order. */
function watchClosing(...classes: { prototype: Driver }[]): Disposable & { names: string[] } {
  const names: string[] = [];
  const restore = classes.map(({ prototype }) => {
    const before = Object.getOwnPropertyDescriptor(prototype, Symbol.asyncDispose);
    const dispose = prototype[Symbol.asyncDispose];
    prototype[Symbol.asyncDispose] = function (this: Driver) {
      names.push(this.name);
      return dispose.call(this);
    };
    return () => {
      Reflect.deleteProperty(prototype, Symbol.asyncDispose);
      if (before !== undefined) Object.defineProperty(prototype, Symbol.asyncDispose, before);
    };
  });
  return { names, [Symbol.dispose]: () => restore.forEach((undo) => undo()) };
}

/** A driver whose end is given. */
class Ending extends Driver {
  static override readonly client = "test.Ending";
  static closed: string[] = [];
  readonly #close: () => Promise<void>;

  constructor(name: string, host: DriverHost, close: () => Promise<void>, children: Driver[] = []) {
    super({
      name,
      host,
      config: {},
      children: new Map(children.map((child) => [child.name, child])),
    });
    this.#close = close;
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
    Ending.closed.push(this.name);
  }
}

Deno.test("a driver that fails to close or never does is named in the log, and keeps no other open [exporter 23]", async () => {
  Ending.closed = [];
  const records: LogRecord[] = [];
  const session = await Session.open((host) => {
    const close = () => Promise.resolve();
    const hang = () => new Promise<void>(() => {});
    const children = [
      new Ending("first", host, close),
      new Ending("hanging too", host, hang),
      new Ending("hanging", host, hang),
      new Ending("failing", host, () => Promise.reject(new Error("the plug is stuck"))),
      // Thrown, not rejected.
      new Ending("throwing", host, () => {
        throw new Error("the lever is stuck");
      }),
      new Ending("last", host, close),
    ];
    return Promise.resolve(new DeviceTree(new Ending("", host, close, children)));
  }, { log: (record) => void records.push(record) });
  // One may take 5 s, and what comes after it one second each.
  await within(8_000, session[Symbol.asyncDispose]());
  assert.deepEqual(Ending.closed, ["", "last", "first"]);
  assert.deepEqual(records.map(({ severity, message }) => `${severity} ${message}`), [
    'ERROR closing driver "throwing" failed: the lever is stuck',
    'ERROR closing driver "failing" failed: the plug is stuck',
    'ERROR closing driver "hanging" failed: it takes longer than 5 s',
    'ERROR closing driver "hanging too" failed: it takes longer than 1 s',
  ]);
});

Deno.test({
  name:
    "a serial port that is unplugged ends what uses it with a sentence, and the session goes on" +
    (hasSocat ? "" : " (needs socat)"),
  ignore: !hasSocat,
  async fn() {
    await using ports = await ptyPair();
    await using dir = await tempDir();
    const file = await writeExporter(dir.path, {
      serial: { type: types.serial, config: { url: ports.left } },
      power: { type: types.power },
    });
    const script = 'for line in "serial pipe" "serial pipe" "power on"; do j $line; echo $?; done';
    const shell = jmpCommand("shell", "--exporter-config", file, "--", "sh", "-c", script);
    await using running = start(shell, { hasInput: true });
    await running.shown(/^copying the port/);
    await ports.unplug();
    const { status, stdout, stderr } = await running.finished;
    assert.equal(status, 0);
    assert.equal(stdout, "1\n1\n0\n");
    assert.match(
      stderr,
      /^error: .*lost the serial port .*\nerror: .*cannot open the serial port /m,
    );
  },
});
