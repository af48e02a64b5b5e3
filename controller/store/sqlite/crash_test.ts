import assert from "node:assert/strict";
import { openSqliteStore } from "../sqlite.ts";
import { random } from "../testing/random.ts";

const WRITER = new URL("../testing/crash_writer.ts", import.meta.url);
const POINTS = 12;
/** The latest point, in acknowledged writes. */
const MOST = 60;

/** What the writer said of one lease: what is acknowledged, and what it was about to write. */
interface Said {
  acknowledged: string;
  tried: string;
}

/** Starts a writer and kills it after so many acknowledged writes; returns what it said. */
async function writeAndKill(path: string, seed: number, first: number, writes: number) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "-q", WRITER.href, path, String(seed), String(first)],
    stdout: "piped",
  }).spawn();
  const said = new Map<string, Said>();
  let [acknowledged, last, rest] = [0, first, ""];
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const [word, name = "", step = "", fate = ""] = line.split(" ");
      if (word !== "try" && word !== "ack") continue;
      const one = said.get(name) ?? { acknowledged: "", tried: "" };
      said.set(name, one);
      last = Math.max(last, Number(step));
      if (word === "try") one.tried = fate === "deleted" ? "deleted" : step;
      else one.acknowledged = one.tried;
      if (word === "ack" && ++acknowledged === writes) child.kill("SIGKILL");
    }
  }
  await child.status;
  return { said, last };
}

Deno.test("a store killed at any moment has every acknowledged write, and no half of one", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/store.db`;
  const next = random(20261126);
  const known = new Map<string, Said>();
  let first = 0;
  try {
    for (let point = 0; point < POINTS; point++) {
      const writes = 1 + Math.floor(next() * MOST);
      const { said, last } = await writeAndKill(path, point, first, writes);
      for (const [name, one] of said) {
        const before = known.get(name)?.acknowledged ?? "";
        known.set(name, { ...one, acknowledged: one.acknowledged || before });
      }
      await using store = await openSqliteStore(path);
      const { items, resourceVersion } = await store.leases.list({ namespace: "lab" });
      for (const [name, { acknowledged, tried }] of known) {
        const lease = items.find(({ metadata }) => metadata.name === name);
        const step = lease?.metadata.annotations?.step ?? "deleted";
        const allowed = [acknowledged || "deleted", tried];
        assert.ok(allowed.includes(step), `point ${point}, ${name}: ${step}, not of ${allowed}`);
        known.set(name, { acknowledged: step, tried: step });
        assert.ok(Number(lease?.metadata.resourceVersion ?? 0) <= Number(resourceVersion));
      }
      first = last + 1;
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
