import * as assert from "node:assert/strict";
import type { Lease } from "../store/mod.ts";
import { Proposals, type Wish } from "./proposals.ts";

function lease(name: string, resourceVersion?: string): Lease {
  return { metadata: { name, resourceVersion } } as Lease;
}

/** A wish for a lease, and how often it was rehearsed. */
function wish(...rehearsed: Lease[]): Wish & { readonly rehearsals: number } {
  let rehearsals = 0;
  return {
    get rehearsals() {
      return rehearsals;
    },
    rehearse: () => Promise.resolve(rehearsed[rehearsals++]!),
    write: (lease) => Promise.resolve(lease),
  };
}

/** Takes the proposals that are to be decided on, as if they were stored. */
function store(proposals: Proposals): void {
  for (const proposal of proposals.open) proposals.close(proposal).resolve(proposal.lease);
}

Deno.test("a proposal stands for its lease, and a new one is added", async () => {
  const opened = Promise.withResolvers<void>();
  let count = 0;
  const proposals = new Proposals(() => ++count === 2 && opened.resolve());
  const [a, b, c] = [lease("a", "1"), lease("b", "2"), lease("c", "1")];
  const [changed, added] = [lease("a", "1"), lease("new")];
  const stored = Promise.all([wish(changed), wish(added)].map((wish) => proposals.stored(wish)));
  await opened.promise;
  assert.deepEqual(proposals.over([a, b, c]), [b, c, changed, added]);
  assert.equal(proposals.of(changed)?.lease, changed);
  assert.equal(proposals.of(a), undefined);
  store(proposals);
  assert.deepEqual(await stored, [changed, added]);
  assert.deepEqual(proposals.over([a]), [a]);
});

for (
  const [what, proposed] of [["a changed", lease("a", "1")], ["a new", lease("a")]] as const
) {
  Deno.test(`${what} lease hides none that is newer: it is rehearsed again`, async () => {
    const opened = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let count = 0;
    const proposals = new Proposals(() => opened[count++]!.resolve());
    const again = lease("a", "2");
    const asked = wish(proposed, again);
    const stored = proposals.stored(asked);
    await opened[0]!.promise;
    const newer = lease("a", "2");
    assert.deepEqual(proposals.over([newer]), [newer]);
    await opened[1]!.promise;
    assert.equal(asked.rehearsals, 2);
    assert.deepEqual(proposals.over([newer]), [again]);
    store(proposals);
    assert.equal(await stored, again);
  });
}

Deno.test("of two proposals for a lease, the second is rehearsed when the first is stored", async () => {
  const opened = Promise.withResolvers<void>();
  const proposals = new Proposals(() => opened.resolve());
  const second = wish(lease("a", "1"), lease("a", "2"));
  const stored = [proposals.stored(wish(lease("a", "1"))), proposals.stored(second)];
  await opened.promise;
  assert.equal(Array.from(proposals.open).length, 1);
  store(proposals);
  await stored[0];
  const end = assert.rejects(stored[1]!, /the controller is ending/);
  proposals[Symbol.dispose]();
  await end;
  assert.equal(second.rehearsals, 2);
});
