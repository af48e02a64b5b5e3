import assert from "node:assert/strict";
import { s3Config } from "./s3_config.ts";

const bucket = { bucket: "b", region: "here" };
const environment: Record<string, string> = {
  AWS_ACCESS_KEY_ID: "id",
  AWS_SECRET_ACCESS_KEY: "secret",
  AWS_SESSION_TOKEN: "token",
};
const own = { access_key_id: "own-id", secret_access_key: "own-secret" };

const cases: Record<string, [kwargs: Record<string, string>, keys: Record<string, string>]> = {
  "of the environment go with its token": [
    {},
    { accessKeyId: "id", secretAccessKey: "secret", sessionToken: "token" },
  ],
  "of the file go without a token that belongs to others": [
    own,
    { accessKeyId: "own-id", secretAccessKey: "own-secret" },
  ],
  "of the file go with a token of the file": [
    { ...own, session_token: "own" },
    { accessKeyId: "own-id", secretAccessKey: "own-secret", sessionToken: "own" },
  ],
};

for (const [name, [kwargs, keys]] of Object.entries(cases)) {
  Deno.test(`keys for s3 ${name}`, () => {
    const config = s3Config({ ...bucket, ...kwargs }, (variable) => environment[variable]);
    assert.ok("keys" in config);
    assert.deepEqual(config.keys, keys);
  });
}
