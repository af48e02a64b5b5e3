import assert from "node:assert/strict";
import { BadRequestError } from "../errors.ts";
import { clientNamed, type ContractTest, exporterNamed } from "./subject.ts";

const names = (list: { items: { metadata: { name: string } }[] }) =>
  list.items.map(({ metadata }) => metadata.name);

/** Lists, filters, pages. */
export const listTests: Record<string, ContractTest> = {
  "a list is in order, and takes what is asked for": async ({ store, namespace }) => {
    for (const [name, board] of [["e2", "a"], ["e10", "b"], ["e1", "a"]] as const) {
      await store.exporters.create(exporterNamed(namespace, name, { board }));
    }
    assert.deepEqual(names(await store.exporters.list({ namespace })), ["e1", "e10", "e2"]);
    const labels = ({ board }: Readonly<Record<string, string>>) => board === "a";
    assert.deepEqual(names(await store.exporters.list({ namespace, labels })), ["e1", "e2"]);
    const fields = ({ metadata: { name } }: { metadata: { name: string } }) => name !== "e2";
    assert.deepEqual(names(await store.exporters.list({ namespace, labels, fields })), ["e1"]);
    assert.deepEqual(names(await store.exporters.list({ namespace, name: "e2" })), ["e2"]);
    assert.deepEqual(names(await store.exporters.list({ namespace: "elsewhere" })), []);
    assert.deepEqual(names(await store.leases.list({ namespace })), []);
  },

  "pages tell everything once, and filters go over all of them": async ({ store, namespace }) => {
    const drafts = Array.from(
      { length: 10 },
      (_, index) => clientNamed(namespace, `c${index}`, { even: String(index % 2 === 0) }),
    );
    await Promise.all(drafts.map((draft) => store.clients.create(draft)));
    for (const [limit, sizes] of [[4, [4, 4, 2]], [5, [5, 5]], [100, [10]]] as const) {
      const pages: string[][] = [];
      let next: string | undefined;
      do {
        const page = await store.clients.list({
          namespace,
          limit,
          ...(next === undefined ? {} : { continue: next }),
        });
        pages.push(names(page));
        next = page.continue;
      } while (next !== undefined);
      assert.deepEqual(pages.map(({ length }) => length), sizes);
      assert.deepEqual(pages.flat(), Array.from({ length: 10 }, (_, index) => `c${index}`));
    }
    const labels = ({ even }: Readonly<Record<string, string>>) => even === "true";
    const first = await store.clients.list({ namespace, labels, limit: 3 });
    assert.deepEqual(names(first), ["c0", "c2", "c4"]);
    const rest = await store.clients.list({
      namespace,
      labels,
      limit: 3,
      continue: first.continue,
    });
    assert.deepEqual(names(rest), ["c6", "c8"]);
    await assert.rejects(store.clients.list({ namespace, continue: "!" }), BadRequestError);
  },
};
