import assert from "node:assert/strict";
import { ClientList } from "./client_list.ts";

Deno.test("the first client is told nothing", () => {
  assert.equal(new ClientList().notice(), undefined);
});

Deno.test("who comes later is told who is there, from where and since when, in their order", () => {
  const clients = new ClientList();
  const start = Date.now();
  using _first = clients.enter("10.0.0.7:4711");
  {
    using _second = clients.enter("[fd00::1]:12");
    const { message, fields, severity, time } = clients.notice()!;
    const since = "(\\d\\d:\\d\\d:\\d\\d)";
    const [, ...times] = new RegExp(
      `^this exporter is in use as well by 10\\.0\\.0\\.7:4711 since ${since}, ` +
        `\\[fd00::1\\]:12 since ${since}$`,
    ).exec(message)!;
    const now = [start, Date.now()].map((at) => new Date(at).toTimeString().slice(0, 8));
    for (const told of times) assert.ok(now.includes(told!), `${told}, not ${now}`);
    assert.deepEqual([fields, severity], [{ notice: "clients" }, "WARNING"]);
    assert.ok(time >= start);
  }
  assert.match(clients.notice()!.message, /^this exporter .* by 10\.0\.0\.7:4711 since [\d:]+$/);
});

Deno.test("two clients from the same place are two", () => {
  const clients = new ClientList();
  const first = clients.enter("unix:");
  using _second = clients.enter("unix:");
  first[Symbol.dispose]();
  assert.ok(clients.notice());
});
