import * as assert from "node:assert/strict";
import { RpcError } from "@jumpstarter/lib/rpc";
import { type Listener, Listeners } from "./listeners.ts";

const ticket = (routerToken: string) => ({ routerEndpoint: "r:1", routerToken });
const forEver = new AbortController().signal;
const withStatus = (status: string) => (error: unknown) =>
  error instanceof RpcError && error.status === status;

Deno.test("the ninth ticket that nobody fetched is refused, and a new listener can take over [controller 93]", async () => {
  const listeners = new Listeners();
  using first = listeners.open("lease");
  for (let count = 0; count < 8; count++) listeners.offer("lease", ticket(String(count)));
  assert.throws(() => listeners.offer("lease", ticket("8")), withStatus("RESOURCE_EXHAUSTED"));
  using second = listeners.open("lease");
  listeners.offer("lease", ticket("9"));
  assert.deepEqual(await second.next(forEver), ticket("9"));
  for (let count = 0; count < 8; count++) {
    assert.deepEqual(await first.next(forEver), ticket(String(count)));
  }
  assert.equal(await first.next(forEver), undefined);
});

Deno.test("of three listeners the last one counts, whoever leaves first [controller 89, 90]", async () => {
  const listeners = new Listeners();
  const [first, second, third] = [0, 1, 2].map(() => listeners.open("lease"));
  const waiting = first!.next(forEver);
  assert.equal(await waiting, undefined);
  first![Symbol.dispose]();
  second![Symbol.dispose]();
  listeners.offer("lease", ticket("a"));
  assert.deepEqual(await third!.next(forEver), ticket("a"));
  third![Symbol.dispose]();
  assert.equal(listeners.size, 0);
  assert.throws(() => listeners.offer("lease", ticket("b")), withStatus("UNAVAILABLE"));
});

Deno.test("a listener that is cancelled waits no longer", async () => {
  using listener = new Listeners().open("lease");
  const cancelling = new AbortController();
  const waiting = listener.next(cancelling.signal);
  cancelling.abort();
  assert.equal(await waiting, undefined);
});

/** Reads a listener to its end. */
async function drain(listener: Listener, signal: AbortSignal): Promise<string[]> {
  const tokens: string[] = [];
  for (;;) {
    const ticket = await listener.next(signal);
    if (ticket === undefined) return tokens;
    tokens.push(ticket.routerToken);
  }
}

Deno.test("each ticket reaches one listener, whoever listens anew meanwhile [controller 91, 92]", async () => {
  const listeners = new Listeners();
  const ending = new AbortController();
  const reading: Promise<string[]>[] = [];
  const offered: string[] = [];
  let refusals = 0;
  for (let round = 0; round < 500; round++) {
    const listenAnew = async () => {
      if (round % 3 > 0) await Promise.resolve();
      reading.push(drain(listeners.open("lease"), ending.signal));
    };
    const dial = async () => {
      if (round % 2 > 0) await Promise.resolve();
      try {
        listeners.offer("lease", { routerEndpoint: "r", routerToken: `${round}` });
        offered.push(`${round}`);
      } catch {
        refusals++;
      }
    };
    await Promise.all(round % 5 > 2 ? [listenAnew(), dial()] : [dial(), listenAnew()]);
  }
  ending.abort();
  const delivered = (await Promise.all(reading)).flat();
  assert.deepEqual(delivered.toSorted(), offered.toSorted());
  assert.equal(delivered.length + refusals, 500);
  assert.ok(refusals < 5, "only the first had nobody to go to");
});

Deno.test("nothing is left of listeners that went [controller 94]", () => {
  const listeners = new Listeners();
  for (let cycle = 0; cycle < 100; cycle++) {
    using _first = listeners.open(`lease ${cycle % 3}`);
    using _second = listeners.open(`lease ${cycle % 3}`);
  }
  assert.equal(listeners.size, 0);
});

Deno.test("whoever waits for a listener is told when there is one, and let go by the signal", async () => {
  const listeners = new Listeners();
  let isOpen = false;
  const opened = listeners.opened("lease", forEver).then(() => isOpen = true);
  using _other = listeners.open("other");
  await Promise.resolve();
  assert.equal(isOpen, false);
  using _listener = listeners.open("lease");
  await opened;
  await listeners.opened("lease", forEver);
  const ending = new AbortController();
  const waiting = listeners.opened("nobody's", ending.signal);
  ending.abort();
  await waiting;
});
