import * as assert from "node:assert/strict";
import { RpcError } from "@jumpstarter/lib/rpc";
import { Listeners } from "./listeners.ts";

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

Deno.test("of three listeners the last one counts, whoever leaves first [controller 89 90]", async () => {
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
