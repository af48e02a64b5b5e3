import assert from "node:assert/strict";
import type { ChannelOptions } from "../rpc/channel.ts";
import { tempDir } from "../../tests/support/programs.ts";
import { sessionEnvironment } from "./session_environment.ts";

const TCP = { JUMPSTARTER_HOST: "bench.lab:8082" };
const UNIX = { JUMPSTARTER_HOST: "/run/jumpstarter/socket" };
const CA = "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH";
const metadata = { "x-jumpstarter-passphrase": "sesame" };

/** Variables, and how the exporter is spoken to because of them. */
const environments: [Record<string, string>, ChannelOptions][] = [
  [TCP, { tls: {} }],
  [{ ...TCP, JMP_GRPC_INSECURE: "1" }, {}],
  [{ ...TCP, JUMPSTARTER_GRPC_INSECURE: "1" }, {}],
  [{ ...TCP, JMP_GRPC_INSECURE: "0" }, { tls: {} }],
  [{ ...TCP, JMP_GRPC_PASSPHRASE: "sesame" }, { tls: {}, metadata }],
  [{ ...TCP, JMP_GRPC_PASSPHRASE: "sesame", JMP_GRPC_INSECURE: "1" }, { metadata }],
  [{ ...TCP, JMP_GRPC_PASSPHRASE: "" }, { tls: {} }],
  [{ ...TCP, [CA]: "/nonexistent", JMP_GRPC_INSECURE: "1" }, {}],
  [{ ...UNIX, JMP_GRPC_PASSPHRASE: "sesame", [CA]: "/nonexistent" }, {}],
];

Deno.test("an exporter is spoken to as the environment says", async () => {
  for (const [variables, channel] of environments) {
    const session = await sessionEnvironment((name) => variables[name]);
    assert.deepEqual(session?.channel, channel, JSON.stringify(variables));
  }
});

Deno.test("certificates come from the first variable that names a file", async () => {
  await using dir = await tempDir();
  const [a, b] = [`${dir.path}/a.pem`, `${dir.path}/b.pem`];
  await Promise.all([a, b].map((path) => Deno.writeTextFile(path, `certificate ${path}`)));
  const environments = [[{ SSL_CERT_FILE: a }, a], [{ SSL_CERT_FILE: a, [CA]: b }, b]] as const;
  for (const [files, path] of environments) {
    const variables: Record<string, string> = { ...TCP, ...files };
    const session = await sessionEnvironment((name) => variables[name]);
    assert.deepEqual(session?.channel, { tls: { ca: `certificate ${path}` } });
  }
});

Deno.test("without JUMPSTARTER_HOST there is no session", async () => {
  assert.equal(await sessionEnvironment(() => undefined), undefined);
});

Deno.test("certificates that cannot be read are an error that names the variable", async () => {
  const variables: Record<string, string> = { ...TCP, [CA]: "/nonexistent" };
  await assert.rejects(sessionEnvironment((name) => variables[name]), {
    code: "config",
    message: `${CA}: cannot read /nonexistent: No such file or directory`,
  });
});

Deno.test("a passphrase that cannot travel is an error that does not show it", async () => {
  const variables: Record<string, string> = { ...TCP, JMP_GRPC_PASSPHRASE: "schlüssel" };
  await assert.rejects(sessionEnvironment((name) => variables[name]), (error: Error) => {
    assert.match(error.message, /printable ASCII/);
    assert.doesNotMatch(error.message, /schl/);
    return true;
  });
});
