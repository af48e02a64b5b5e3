import * as assert from "node:assert/strict";
import { logWriter } from "./log_writer.ts";

function written(format: "json" | "text", message: string, fields: Record<string, string>): string {
  const lines: string[] = [];
  const note = (line: string) => Promise.resolve(void lines.push(line));
  logWriter({ note, format, level: "INFO" })("INFO", message, fields);
  return lines.join("\n");
}

Deno.test("what peers say forges no line, and steers no terminal", () => {
  const line = written("text", "a\nb\u001b[2J\u2028c", { "k\nl": "v" });
  assert.match(line, /^\S+ INFO a\\u000ab\\u001b\[2J\\u2028c k\\u000al="v"$/);
  const record = JSON.parse(written("json", "a\nb", { k: "v" }));
  assert.deepEqual([record.message, record.k], ["a\nb", "v"]);
});
