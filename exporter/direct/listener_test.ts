import assert from "node:assert/strict";
import { UsageError } from "@jumpstarter/lib/errors";
import { selfSigned } from "../../tests/support/certificate.ts";
import { mustRun, tempDir } from "../../tests/support/programs.ts";
import { chosenListener } from "./listener.ts";

type Flags = Partial<Parameters<typeof chosenListener>[0]>;

/** What comes of options that are as they are when nobody gives them. */
function chosen(flags: Flags) {
  return chosenListener({
    tlsGrpcListener: undefined,
    tlsGrpcInsecure: false,
    tlsCert: undefined,
    tlsKey: undefined,
    passphrase: undefined,
    passphraseFile: undefined,
    ...flags,
  });
}

const insecure = { tlsGrpcListener: "127.0.0.1:8080", tlsGrpcInsecure: true };

Deno.test("without --tls-grpc-listener there is no listener", async () => {
  assert.equal(await chosen({}), undefined);
});

for (
  const [address, hostname, port] of [
    ["8080", "0.0.0.0", 8080],
    [":8080", "0.0.0.0", 8080],
    ["127.0.0.1:1", "127.0.0.1", 1],
    ["bench.lab:65535", "bench.lab", 65_535],
    ["[::1]:8080", "::1", 8080],
    ["::1:8080", "::1", 8080],
    ["[::]:08080", "::", 8080],
  ] as const
) {
  Deno.test(`--tls-grpc-listener ${address} is ${hostname}, port ${port}`, async () => {
    const listener = await chosen({ ...insecure, tlsGrpcListener: address });
    assert.deepEqual(listener, { endpoint: { kind: "tcp", hostname, port } });
  });
}

/** Options that exclude or need each other, and what is said about them. */
const REFUSED: [Flags, string][] = [
  [{ tlsGrpcInsecure: true }, "--tls-grpc-insecure: only with --tls-grpc-listener [HOST:]PORT"],
  [{ tlsCert: "c" }, "--tls-cert: only with --tls-grpc-listener [HOST:]PORT"],
  [
    { tlsCert: "c", tlsKey: "k" },
    "--tls-cert, --tls-key: only with --tls-grpc-listener [HOST:]PORT",
  ],
  [{ passphrase: "p" }, "--passphrase: only with --tls-grpc-listener [HOST:]PORT"],
  [{ passphraseFile: "p" }, "--passphrase-file: only with --tls-grpc-listener [HOST:]PORT"],
  [{ ...insecure, tlsCert: "c" }, "--tls-grpc-insecure excludes --tls-cert and --tls-key"],
  [{ ...insecure, tlsKey: "k" }, "--tls-grpc-insecure excludes --tls-cert and --tls-key"],
  ...[{}, { tlsCert: "c" }, { tlsKey: "k" }].map((flags): [Flags, string] => [
    { tlsGrpcListener: "1", ...flags },
    "--tls-grpc-listener needs --tls-cert and --tls-key, or --tls-grpc-insecure",
  ]),
  ...["", "x", "host:", "host:x", "host:-1", "[::1]", "1.5"].map((address): [Flags, string] => [
    { ...insecure, tlsGrpcListener: address },
    "--tls-grpc-listener: port must be an integer, got '" +
    `${address.slice(address.lastIndexOf(":") + 1)}'`,
  ]),
  ...["0", ":65536", "a:99999"].map((address): [Flags, string] => [
    { ...insecure, tlsGrpcListener: address },
    "--tls-grpc-listener: port must be between 1 and 65535, got " +
    `${address.slice(address.lastIndexOf(":") + 1)}`,
  ]),
  [
    { ...insecure, passphrase: "p", passphraseFile: "p" },
    "--passphrase and --passphrase-file exclude each other",
  ],
  [{ ...insecure, passphrase: "" }, "the passphrase is empty; anybody could give that"],
  [
    { ...insecure, passphrase: "schlüssel" },
    "the passphrase may hold printable ASCII characters only",
  ],
  [
    { ...insecure, passphrase: "two\nlines" },
    "the passphrase may hold printable ASCII characters only",
  ],
  [{ ...insecure, passphrase: "open " }, "the passphrase has a space at an end"],
];

Deno.test("options of a listener that do not fit are named [exporter 74, client 83]", async () => {
  for (const [flags, message] of REFUSED) {
    await assert.rejects(chosen(flags), { name: UsageError.name, message });
  }
});

Deno.test("a passphrase may stand in a file, with or without a line end", async () => {
  await using dir = await tempDir();
  const passphraseFile = `${dir.path}/passphrase`;
  for (const text of ["open sesame", "open sesame\n", "open sesame\r\n"]) {
    await Deno.writeTextFile(passphraseFile, text);
    assert.equal((await chosen({ ...insecure, passphraseFile }))?.passphrase, "open sesame");
  }
  await Deno.writeTextFile(passphraseFile, "\n");
  await assert.rejects(chosen({ ...insecure, passphraseFile }), /passphrase is empty/);
  await Deno.remove(passphraseFile);
  await assert.rejects(chosen({ ...insecure, passphraseFile }), {
    name: UsageError.name,
    message: `--passphrase-file: cannot read ${passphraseFile}: No such file or directory`,
  });
  await assert.rejects(chosen({ ...insecure, passphraseFile: dir.path }), /: Is a directory$/);
});

Deno.test("a certificate and its key are looked at before anybody is served with them", async () => {
  await using dir = await tempDir();
  const { cert: tlsCert, key: tlsKey } = await selfSigned(dir.path);
  const { key: other } = await selfSigned(dir.path, "other");
  const [text, locked] = [`${dir.path}/text`, `${dir.path}/locked`];
  await Deno.writeTextFile(text, "no certificate");
  await mustRun("openssl", "ec", "-in", tlsKey, "-aes128", "-passout", "pass:x", "-out", locked);
  const secure = { tlsGrpcListener: "8080" };
  const listener = await chosen({ ...secure, tlsCert, tlsKey });
  assert.deepEqual(listener?.tls, {
    cert: await Deno.readTextFile(tlsCert),
    key: await Deno.readTextFile(tlsKey),
  });
  for (
    const [cert, key] of [
      [text, tlsKey],
      [tlsCert, text],
      [tlsCert, other],
      [tlsCert, locked],
      [tlsKey, tlsCert],
    ] as const
  ) {
    await assert.rejects(chosen({ ...secure, tlsCert: cert, tlsKey: key }), (error: Error) => {
      const start = `${cert} and ${key} are not a PEM certificate and its private key: `;
      assert.ok(error instanceof UsageError && error.message.startsWith(start), error.message);
      return true;
    });
  }
  await assert.rejects(chosen({ ...secure, tlsCert, tlsKey: `${dir.path}/none` }), {
    name: UsageError.name,
    message: `--tls-key: cannot read ${dir.path}/none: No such file or directory`,
  });
});
