/**
 * `jmp`: the command line of Jumpstarter. `deno run -A jsr:@jumpstarter/cli shell …` is the same.
 *
 * @module
 */
import { run } from "./program.ts";

if (import.meta.main) Deno.exit(await run(Deno.args));
