import { storeContract } from "./contract.ts";
import { openSqliteStore } from "./sqlite.ts";

storeContract("a store in memory", async ({ historyOf } = {}) => {
  const history = historyOf === undefined ? {} : { changes: historyOf };
  const store = await openSqliteStore(":memory:", { history });
  return { store, namespace: "lab", [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
});

storeContract("a store in a file", async ({ historyOf } = {}) => {
  const folder = await Deno.makeTempDir();
  const history = historyOf === undefined ? {} : { changes: historyOf };
  const store = await openSqliteStore(`${folder}/store.db`, { history });
  return {
    store,
    namespace: "lab",
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
});
