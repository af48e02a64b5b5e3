/** A client in a process of its own: begins the work that its argument names, and says so. */
import { env } from "@jumpstarter/lib/client";
import { works } from "./work.ts";

await using board = await env();
const work = works.find(({ name }) => name === Deno.args[0])!;
const { over } = await work.begin(board);
console.log("at it");
try {
  await over;
} catch (error) {
  console.log(`ended: ${(error as Error).message}`);
}
