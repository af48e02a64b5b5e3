import * as assert from "node:assert/strict";
import { Topics } from "./topics.ts";

const forEver = new AbortController().signal;

Deno.test("news that came while nobody waited are not missed", async () => {
  const topics = new Topics();
  using news = topics.follow("a");
  topics.tell("b");
  topics.tell("a");
  topics.tell("a");
  await news.next(forEver);
  let isTold = false;
  const next = news.next(forEver).then(() => isTold = true);
  await Promise.resolve();
  assert.equal(isTold, false);
  topics.tell("a");
  await next;
});

Deno.test("who waits for news is let go by its signal", async () => {
  const topics = new Topics();
  using news = topics.follow("a");
  const ending = new AbortController();
  const next = news.next(ending.signal);
  ending.abort();
  await next;
});
