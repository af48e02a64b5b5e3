import assert from "node:assert/strict";
import { exporter, linesOf, OURS, TestApi } from "../../tests/support/api.ts";

const PATH = `${OURS}/exporters`;
const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";

Deno.test("a watch tells what happens after a list", async () => {
  await using api = await TestApi.open();
  await api.ask("POST", PATH, { body: exporter("e1") });
  const { body: { metadata } } = await api.ask("GET", PATH);
  const response = await api.send(
    "GET",
    `${PATH}?watch=true&resourceVersion=${metadata.resourceVersion}`,
  );
  const lines = linesOf(response);
  await api.ask("POST", PATH, { body: exporter("e2") });
  await api.ask("PATCH", `${PATH}/e1`, {
    type: "application/merge-patch+json",
    body: { metadata: { labels: { board: "x" } } },
  });
  await api.ask("DELETE", `${PATH}/e2`);
  const seen: unknown[] = [];
  for (let index = 0; index < 3; index++) {
    const { type, object } = (await lines.next()).value!;
    seen.push([type, object.metadata.name]);
  }
  assert.deepEqual(seen, [["ADDED", "e2"], ["MODIFIED", "e1"], ["DELETED", "e2"]]);
  api.close();
  assert.equal((await lines.next()).done, true);
});

Deno.test("a watch without a version begins with what is there, and says when that is over", async () => {
  await using api = await TestApi.open();
  await api.ask("POST", PATH, { body: exporter("e1") });
  const query = "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan" +
    "&allowWatchBookmarks=true";
  const lines = linesOf(await api.send("GET", `${PATH}?${query}`));
  assert.equal((await lines.next()).value!.type, "ADDED");
  const { type, object } = (await lines.next()).value!;
  assert.equal(type, "BOOKMARK");
  assert.deepEqual(object.metadata.annotations, { "k8s.io/initial-events-end": "true" });
  assert.equal(object.kind, "Exporter");
  await lines.return(undefined);
});

Deno.test("a watch in tables tells rows", async () => {
  await using api = await TestApi.open();
  await api.ask("POST", PATH, { body: exporter("e1") });
  const lines = linesOf(await api.send("GET", `${PATH}?watch=true`, { accept: TABLE }));
  const { object } = (await lines.next()).value!;
  assert.deepEqual([object.kind, object.rows[0].cells[0]], ["Table", "e1"]);
  await lines.return(undefined);
});

Deno.test("a watch from a version that is gone is told so", async () => {
  await using api = await TestApi.open({ store: { history: { changes: 2 } } });
  for (let index = 0; index < 5; index++) {
    await api.ask("POST", PATH, { body: exporter(`e${index}`) });
  }
  const lines = linesOf(await api.send("GET", `${PATH}?watch=true&resourceVersion=1`));
  const { type, object } = (await lines.next()).value!;
  assert.deepEqual([type, object.code, object.reason], ["ERROR", 410, "Expired"]);
  assert.equal((await lines.next()).done, true);
  assert.equal((await api.ask("GET", `${PATH}?watch=true&resourceVersion=x`)).code, 400);
});

Deno.test("a watch that fails for a reason nobody foresaw leaves nothing behind", async () => {
  await using api = await TestApi.open();
  const watch = api.store.exporters.watch.bind(api.store.exporters);
  let events: ReturnType<typeof watch>;
  api.store.exporters.watch = (options) => {
    events = watch(options);
    return { ...events, next: () => Promise.reject(new Error("broken")) } as typeof events;
  };
  const lines = linesOf(await api.send("GET", `${PATH}?watch=true`));
  await assert.rejects(lines.next(), /broken/);
  assert.equal((await events!.next()).done, true); // nor does its timer, which Deno.test looks for
});

Deno.test("a watch ends when its time is over", async () => {
  await using api = await TestApi.open();
  const lines = linesOf(await api.send("GET", `${PATH}?watch=true&timeoutSeconds=1`));
  assert.equal((await lines.next()).done, true);
});
