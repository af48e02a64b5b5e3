import assert from "node:assert/strict";
import { ExporterService } from "@jumpstarter/proto";
import { loadExporterFile } from "@jumpstarter/lib/config";
import { Channel, type Endpoint } from "@jumpstarter/lib/rpc";
import { types } from "../../tests/support/exporter_file.ts";
import { tempDir } from "../../tests/support/programs.ts";
import { until, within } from "../../tests/support/running.ts";
import { serveWatched } from "./watched.ts";

const power = { power: { type: types.power } };
/** A driver whose settings are in order and which does not start. */
const broken = { power: { type: types.serial, config: { url: "/dev/nonexistent" } } };

/** The text of an exporter file by that name, whose hooks say it. */
function text(name: string, more: Record<string, unknown> = {}, entries: unknown = power): string {
  const hook = (phase: string) => ({ script: `echo ${phase} ${name}` });
  const hooks = { beforeLease: hook("before"), afterLease: hook("after") };
  return JSON.stringify({ metadata: { namespace: "lab", name }, hooks, export: entries, ...more });
}

/** An exporter in this process that watches its file. */
async function watched(first: string) {
  const { path, ...dir } = await tempDir();
  const file = `${path}/bench.yaml`;
  await Deno.writeTextFile(file, first);
  const told = new AbortController();
  const lines: string[] = [];
  const looks = new Set<() => void>();
  let endpoint: Endpoint | undefined;
  const code = serveWatched(await loadExporterFile(file), {
    listener: { endpoint: { kind: "tcp", hostname: "127.0.0.1", port: 0 } },
    log: ({ message }) => {
      lines.push(message.replaceAll(path, ""));
      for (const look of looks) look();
    },
    signal: told.signal,
    ending: { insisted: new AbortController().signal, postpone() {} },
    onServing: (session) => endpoint = session.endpoint,
  });
  code.catch(() => {}); // whoever waits for it is told
  const shown = async (line: string | RegExp) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => {
      if (lines.some((l) => typeof line === "string" ? l === line : line.test(l))) resolve();
    };
    looks.add(look);
    look();
    await within(10_000, promise).catch((cause) => {
      throw new Error(`${line} is not in the log: ${lines.join("\n")}`, { cause });
    });
  };
  await shown(/^before /);
  return {
    file,
    lines,
    code,
    shown,
    shownAgain: (line: string) =>
      until(`${line}, again`, () => lines.filter((other) => other === line).length > 1),
    stop: () => told.abort(),
    /** Changes the file. */
    write: (changed: string) => Deno.writeTextFile(file, changed),
    /** A client that stays until it is disposed. */
    async client() {
      const channel = new Channel(endpoint!);
      const { labels } = await channel.unary(ExporterService.getReport, {});
      return Object.assign(channel, { exporter: labels["jumpstarter.dev/name"] });
    },
    async [Symbol.asyncDispose]() {
      told.abort();
      await code.catch(() => {});
      await dir[Symbol.asyncDispose]();
    },
  };
}

const CHANGED = "/bench.yaml has changed; it is taken as soon as no client is connected";

Deno.test("a changed file is taken at once when nobody is connected, hooks in their order", async () => {
  await using exporter = await watched(text("one"));
  await exporter.write(text("two"));
  await exporter.shown("before two");
  using client = await exporter.client();
  assert.equal(client.exporter, "two");
  client[Symbol.dispose]();
  exporter.stop();
  assert.equal(await exporter.code, 0);
  const hooks = exporter.lines.filter((line) => /^(before|after) /.test(line));
  assert.deepEqual(hooks, ["before one", "after one", "before two", "after two"]);
});

Deno.test("a changed file waits for the last client to leave, and the newest one is taken", async () => {
  await using exporter = await watched(text("one"));
  const [first, second] = [await exporter.client(), await exporter.client()];
  await exporter.write(text("two"));
  await exporter.shown(CHANGED);
  first[Symbol.dispose]();
  await exporter.write(text("three"));
  await exporter.shownAgain(CHANGED);
  const { labels } = await second.unary(ExporterService.getReport, {});
  assert.equal(labels["jumpstarter.dev/name"], "one", "the session is as it was");
  assert.ok(!exporter.lines.includes("after one"));
  second[Symbol.dispose]();
  await exporter.shown("before three");
  assert.ok(!exporter.lines.includes("before two"));
});

Deno.test("a file that is not valid is named with its line, and what runs stays", async () => {
  await using exporter = await watched(text("one"));
  using client = await exporter.client();
  const head = "metadata: {namespace: a, name: b}\nexport:\n  power:\n";
  for (
    const [changed, fault] of [
      ["metadata: [\n", /bench\.yaml is not taken, what runs stays: \/bench\.yaml:2:/],
      [`${head}    typ: x\n`, /bench\.yaml:4: .*"typ".*Did you mean "type"/],
      [`${head}    type: no.Such\n`, /bench\.yaml:3: .*Driver 'no\.Such' is not installed/],
      [
        `${head}    type: ${types.tcp}\n    config: {host: a, port: x}\n`,
        /bench\.yaml:5: export\.power\.config\.port: /,
      ],
    ] as const
  ) {
    await exporter.write(changed);
    await exporter.shown(fault);
  }
  await Deno.remove(exporter.file);
  await exporter.shown(/bench\.yaml: there is no such file$/);
  assert.equal((await client.unary(ExporterService.getReport, {})).reports.length, 2);
  client[Symbol.dispose]();
  await exporter.write(text("two"));
  await exporter.shown("before two");
});

Deno.test("a file that becomes invalid while it waits is not taken", async () => {
  await using exporter = await watched(text("one"));
  const client = await exporter.client();
  await exporter.write(text("two"));
  await exporter.shown(CHANGED);
  await exporter.write("metadata: [\n");
  await exporter.shown(/is not taken/);
  client[Symbol.dispose]();
  await exporter.write(text("three"));
  await exporter.shown("before three");
  assert.ok(!exporter.lines.includes("before two"));
});

Deno.test("a file that becomes invalid while what ran ends is not taken, and what ran comes back", async () => {
  await using exporter = await watched(text("one", {
    hooks: {
      beforeLease: { script: "echo before one" },
      afterLease: { script: "echo ending; sleep 1" },
    },
  }));
  await exporter.write(text("two"));
  await exporter.shown("ending");
  await exporter.write("metadata: [\n");
  await exporter.shownAgain("before one");
  exporter.stop();
  assert.equal(await exporter.code, 0);
  assert.ok(!exporter.lines.includes("before two"));
});

Deno.test("a file whose drivers do not start gives way to the one before, and the next one is taken", async () => {
  await using exporter = await watched(text("one"));
  await exporter.write(text("two", {}, broken));
  await exporter.shown(
    /^\/bench\.yaml does not start, what ran before does: resetting .*\/dev\/nonexistent: /,
  );
  await exporter.shownAgain("before one");
  await exporter.write(text("three"));
  await exporter.shown("before three");
});

Deno.test("a change waits for the beforeLease hook to be done", async () => {
  const hooks = { beforeLease: { script: "echo before; sleep 1; echo prepared" } };
  await using exporter = await watched(text("one", {
    hooks: { beforeLease: { script: "echo before one; sleep 0.6; echo prepared" } },
  }));
  await exporter.write(text("two", { hooks }));
  await exporter.shown(CHANGED);
  assert.ok(!exporter.lines.includes("prepared"));
  await exporter.shown("prepared");
});

Deno.test("a hook that wants the exporter to exit ends it, also between two files", async () => {
  await using exporter = await watched(text("one", {
    hooks: {
      beforeLease: { script: "echo before one" },
      afterLease: { script: "exit 1", onFailure: "exit" },
    },
  }));
  await exporter.write(text("two"));
  assert.equal(await within(10_000, exporter.code), 1);
});
