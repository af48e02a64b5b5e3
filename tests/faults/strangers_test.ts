import { serves } from "./stranger_cases.ts";

Deno.test("a plaintext port serves on, whatever comes to it", (test) => serves(test, false));
