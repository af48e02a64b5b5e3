import assert from "node:assert/strict";
import { serve } from "@jumpstarter/exporter/testing";

const type = "jumpstarter_driver_opendal.driver.Opendal";
const secrets = { access_key_id: "id-of-the-key", secret_access_key: "the-secret" };
const bucket = { bucket: "b", region: "r" };
const http = { endpoint: "http://127.0.0.1/" };

/** What is wrong with a config, and under which key. */
const refused: readonly [what: string, config: Record<string, unknown>, message: string][] = [
  ["no scheme", { kwargs: {} }, "scheme: is missing; fs, memory, http and s3 are there"],
  [
    "a misspelt scheme",
    { scheme: "memry", kwargs: {} },
    'scheme: scheme "memry" is not there; fs, memory, http and s3 are. Did you mean "memory"?',
  ],
  [
    "a scheme that OpenDAL alone has",
    { scheme: "azblob", kwargs: {} },
    "scheme: OpenDAL's azblob is not there; fs, memory, http and s3 are. " +
    "Advice: mount it on the exporter's machine, and take fs with that folder",
  ],
  [
    "a scheme that s3 can stand in for",
    { scheme: "gcs", kwargs: {} },
    "scheme: OpenDAL's gcs is not there; fs, memory, http and s3 are. Advice: Google's storage " +
    "speaks s3 as well: at https://storage.googleapis.com, with HMAC keys",
  ],
  ["no kwargs", { scheme: "fs" }, "kwargs: is missing"],
  ["kwargs that are no map", { scheme: "fs", kwargs: "x" }, "kwargs: is no map; it takes root"],
  ["fs without root", { scheme: "fs", kwargs: {} }, "kwargs.root: is missing"],
  ["an empty root", { scheme: "fs", kwargs: { root: "" } }, "kwargs.root: is empty"],
  [
    "a misspelt kwarg",
    { scheme: "s3", kwargs: { ...bucket, ...secrets, endpiont: "x" } },
    'kwargs.endpiont: is not a setting of this scheme; did you mean "endpoint"?',
  ],
  [
    "a kwarg of OpenDAL that is not supported",
    { scheme: "s3", kwargs: { ...bucket, ...secrets, role_arn: "x" } },
    "kwargs.role_arn: is not supported: give the exporter keys of its own, " +
    "or temporary ones in the environment",
  ],
  ["http without endpoint", { scheme: "http", kwargs: {} }, "kwargs.endpoint: is missing"],
  [
    "an endpoint that is none",
    { scheme: "http", kwargs: { endpoint: "ftp://x/" } },
    "kwargs.endpoint: is no address like https://files.example/images",
  ],
  [
    "two ways to log in",
    { scheme: "http", kwargs: { ...http, username: "u", token: "a-secret-token" } },
    "kwargs.token: is there besides username; a server takes one of the two",
  ],
  [
    "a password that is a number",
    { scheme: "http", kwargs: { ...http, username: "u", password: 12345 } },
    "kwargs.password: is no text",
  ],
  ["s3 without bucket", { scheme: "s3", kwargs: {} }, "kwargs.bucket: is missing"],
  [
    "s3 without region",
    { scheme: "s3", kwargs: { bucket: "b", disable_config_load: true, ...secrets } },
    "kwargs.region: is missing, and AWS_REGION is not set; " +
    "many services other than Amazon's take us-east-1",
  ],
  [
    "s3 with half a pair of keys",
    {
      scheme: "s3",
      kwargs: { ...bucket, disable_config_load: "true", access_key_id: "id-of-the-key" },
    },
    "kwargs.secret_access_key: is missing, and AWS_SECRET_ACCESS_KEY is not set; " +
    "a public bucket needs allow_anonymous: true instead",
  ],
  [
    "a flag that is none",
    { scheme: "s3", kwargs: { ...bucket, ...secrets, allow_anonymous: "perhaps" } },
    "kwargs.allow_anonymous: is neither true nor false",
  ],
];

for (const [what, config, message] of refused) {
  Deno.test(`Opendal refuses ${what}, and shows no secret`, async () => {
    await assert.rejects(serve({ storage: { type, config } }), ({ message: said }: Error) => {
      assert.equal(said, `test:0: export.storage.config.${message}`);
      return !/id-of-the-key|the-secret|a-secret-token|12345/.test(said);
    });
  });
}

Deno.test("Opendal takes a public bucket without keys, and kwargs as text or as YAML's own", async () => {
  for (const allow_anonymous of [true, "true"]) {
    const kwargs = {
      ...bucket,
      allow_anonymous,
      disable_config_load: true,
      endpoint: "s3.example",
    };
    await using _board = await serve({ storage: { type, config: { scheme: "s3", kwargs } } });
  }
});
