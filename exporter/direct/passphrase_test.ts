import assert from "node:assert/strict";
import { Logger } from "@jumpstarter/lib/driver";
import type { ServerCall } from "@jumpstarter/lib/rpc";
import { passphraseGuard } from "./passphrase.ts";

function guarded(passphrase: string) {
  const messages: string[] = [];
  const sink = ({ severity, message }: { severity: string; message: string }) =>
    void messages.push(`${severity} ${message}`);
  const guard = passphraseGuard(passphrase, new Logger({ name: "test", source: "system", sink }));
  const given = (value: string | undefined) => {
    const header = (key: string) => key === "x-jumpstarter-passphrase" ? value : undefined;
    guard({ header, method: "/a.B/C", peer: "10.0.0.7:1" } as ServerCall);
  };
  return { given, messages };
}

Deno.test("the right passphrase is let in without a word", () => {
  const { given, messages } = guarded("open sesame");
  given("open sesame");
  assert.deepEqual(messages, []);
});

Deno.test("a wrong passphrase and none at all are refused alike, and logged without either", () => {
  const { given, messages } = guarded("open sesame");
  for (const wrong of [undefined, "", "open sesam", "open sesame ", "Open sesame"]) {
    assert.throws(() => given(wrong), {
      status: "UNAUTHENTICATED",
      details: "invalid or missing passphrase",
    });
  }
  assert.deepEqual(
    [...new Set(messages)],
    [
      "WARNING authentication failed: invalid or missing passphrase for method /a.B/C (10.0.0.7:1)",
    ],
  );
});
