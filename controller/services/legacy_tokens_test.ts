import { Buffer } from "node:buffer";
import { ClientService } from "@jumpstarter/proto";
import { importJWK, SignJWT } from "jose";
import { TestLab } from "../../tests/support/lab.ts";
import { PARENT, refused } from "../../tests/support/lab_calls.ts";
import { until } from "../../tests/support/running.ts";

/** What the Go controller signs with when CONTROLLER_KEY is "test". */
const SIGNS = {
  kty: "EC",
  crv: "P-256",
  d: Buffer.from("182baa7a3e1e3ecebeecc36c1b9df17fbda53bf64e72ecece4874db1e1445be1", "hex")
    .toString("base64url"),
  x: "kl2awtb-J3DNMCeX5XBfda-m0zwVS5_DnfQPSw7UvBk",
  y: "ZA_sOywItiJUQB_yV5ZTmkvE_fushUu5jikM9PKjJBE",
};

Deno.test("tokens of a Go controller are good only when asked for, until they are rotated", async () => {
  await using strict = await TestLab.start();
  await using lab = await TestLab.start({ legacyKey: "test" });
  for (const { store } of [strict, lab]) {
    const annotations = {
      "jumpstarter.dev/migrated-namespace": "old-lab",
      "jumpstarter.dev/migrated-uid": "u-1",
    };
    await store.clients.create({
      metadata: { namespace: "lab", name: "c1", annotations },
      spec: {},
    });
  }
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: "ES256", typ: "JWT" })
    .setIssuer("https://localhost:8085")
    .setAudience(["jumpstarter"])
    .setSubject("client:old-lab:c1:u-1")
    .setIssuedAt()
    .setExpirationTime("43800h")
    .sign(await importJWK(SIGNS, "ES256"));
  const member = { name: "c1", kind: "Client", token } as const;
  using refusedClient = strict.connect(member);
  const list = { parent: PARENT };
  await refused(
    refusedClient.unary(ClientService.listLeases, list),
    "UNKNOWN",
    /oidc: verify token: /,
  );
  using client = lab.connect(member);
  await client.unary(ClientService.listLeases, list);
  const secret = "c1-client";
  await until(
    "c1 has a token of its own",
    async () => (await lab.store.clients.get("lab", "c1")).status?.credential !== undefined,
  );
  await client.unary(ClientService.listLeases, list);
  const rotated = { metadata: { annotations: { "jumpstarter.dev/token-rotated": "true" } } };
  await lab.store.secrets.patch("lab", secret, rotated);
  await until(
    "the old token is revoked",
    () => client.unary(ClientService.listLeases, list).then(() => false, () => true),
  );
  await refused(client.unary(ClientService.listLeases, list), "UNKNOWN", /is revoked/);
});
