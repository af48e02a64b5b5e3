/**
 * Writes leases until it is killed, and says on its output what it begins and what is acknowledged:
 * `try NAME STEP` and `ack NAME STEP`, one a line. Arguments: the file, a seed, the first step.
 * Each name is written by one writer alone, so its last acknowledged step must be in the store.
 */
import { leaseNamed } from "../contract/subject.ts";
import { openSqliteStore } from "../sqlite.ts";
import { random } from "./random.ts";

const WRITERS = 6;
const NAMESPACE = "lab";

const [path = "", seed = "1", first = "0"] = Deno.args;
const store = await openSqliteStore(path);
const next = random(Number(seed));
const say = (line: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));

/** What the store has of a lease: its step, or -1. */
async function stepOf(name: string): Promise<number> {
  const { items: [lease] } = await store.leases.list({ namespace: NAMESPACE, name });
  return Number(lease?.metadata.annotations?.step ?? -1);
}

async function write(name: string, step: number): Promise<void> {
  const annotations = { step: String(step), payload: "x".repeat(Math.floor(next() * 4000)) };
  const isThere = await stepOf(name) >= 0;
  say(`try ${name} ${isThere && step % 5 === 0 ? `${step} deleted` : step}`);
  if (!isThere) {
    const { spec } = leaseNamed(NAMESPACE, name);
    await store.leases.create({ metadata: { namespace: NAMESPACE, name, annotations }, spec });
  } else if (step % 5 === 0) {
    await store.leases.delete(NAMESPACE, name);
  } else {
    await store.leases.patch(NAMESPACE, name, { metadata: { annotations } });
  }
  say(`ack ${name} ${step}`);
}

say("ready");
await Promise.all(Array.from({ length: WRITERS }, async (_, index) => {
  for (let step = Number(first);; step++) await write(`l${index}`, step);
}));
