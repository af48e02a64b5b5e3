/** Holds a store until its input ends; says `ready` when it has it. Arguments: the file. */
import { openSqliteStore } from "../sqlite.ts";

await using _store = await openSqliteStore(Deno.args[0] ?? "");
await Deno.stdout.write(new TextEncoder().encode("ready\n"));
await Array.fromAsync(Deno.stdin.readable);
