import assert from "node:assert/strict";
import { RpcError } from "@jumpstarter/lib/rpc";
import { authenticate, checkNamespace, type Gate } from "./authenticate.ts";
import { InternalIssuer } from "./internal_issuer.ts";
import type { RequestMetadata } from "./metadata.ts";
import { type Principal, type PrincipalKind, subjectOf } from "./principal.ts";
import { SigningKey } from "./signing_key.ts";
import { signClaims } from "./token.ts";
import { TokenVerifier } from "./token_verifier.ts";

type Headers = Record<string, string | string[]>;

const KEY = await SigningKey.generate();
const NOW = Date.now();
const METADATA: Headers = {
  "jumpstarter-namespace": "lab",
  "jumpstarter-kind": "Client",
  "jumpstarter-name": "c1",
};

function metadataOf(headers: Headers): RequestMetadata {
  return (key) => [headers[key] ?? []].flat();
}

function object(name: string, more: Partial<Principal> & { annotations?: object } = {}): Principal {
  const { annotations = {}, ...rest } = more;
  const metadata = { namespace: "lab", name, uid: `uid-of-${name}`, annotations };
  return { metadata, ...rest } as Principal;
}

/** A controller's store, with its own issuer, and external users named by their tokens. */
class Lab {
  readonly objects = new Map<string, Principal>();
  readonly revoked = new Set<string>();
  readonly provisioned: string[] = [];
  failure: unknown;
  #issuer: Promise<InternalIssuer>;

  constructor() {
    this.add("Client", object("c1"));
    this.add("Client", object("c2"));
    this.add("Exporter", object("e1"));
    this.#issuer = InternalIssuer.open({
      key: KEY,
      isRevoked: (jti) => this.revoked.has(jti!),
      now: () => NOW,
    });
  }

  add(kind: PrincipalKind, added: Principal): void {
    this.objects.set(`${kind} ${added.metadata.name}`, added);
  }

  async token(kind: PrincipalKind, of: Principal): Promise<string> {
    return (await (await this.#issuer).issue(kind, of)).token;
  }

  async call(
    headers: Headers,
    kind: PrincipalKind = "Client",
    { provisions = false } = {},
  ): Promise<Principal> {
    const verifier = await TokenVerifier.open({ internal: await this.#issuer });
    const gate: Gate<Principal> = {
      kind,
      namespace: "lab",
      internalPrefix: "internal:",
      verify: (token) =>
        token.startsWith("user ")
          ? Promise.resolve({ username: token.slice(5), isInternal: false, expires: NOW })
          : verifier.verify(token),
      find: (_, name) => {
        if (this.failure) throw this.failure;
        return this.objects.get(`${kind} ${name}`);
      },
      ...provisions && {
        provision: (_: string, name: string, username: string) => {
          this.provisioned.push(name);
          this.add(kind, object(name, { spec: { username } }));
          return this.objects.get(`${kind} ${name}`)!;
        },
      },
    };
    return (await authenticate(metadataOf({ ...METADATA, ...headers }), gate)).object;
  }
}

async function assertRefused(
  call: Promise<unknown>,
  status: string,
  details: string | RegExp,
): Promise<void> {
  await assert.rejects(call, (error) => {
    assert.ok(error instanceof RpcError, `${error}`);
    assert.equal(error.status, status, error.details);
    if (typeof details === "string") assert.equal(error.details, details);
    else assert.match(error.details, details);
    return true;
  });
}

Deno.test("authorization is one bearer token, in any case [controller 100]", async () => {
  const lab = new Lab();
  const token = await lab.token("Client", object("c1"));
  for (const scheme of ["Bearer", "bearer", "BEARER"]) {
    await lab.call({ authorization: `${scheme} ${token}` });
  }
  const missing = ["UNAUTHENTICATED", "missing authorization header"] as const;
  const several = ["INVALID_ARGUMENT", "multiple authorization headers"] as const;
  const malformed = ["INVALID_ARGUMENT", "malformed authorization header"] as const;
  const rows: [string[], readonly [string, string]][] = [
    [[], missing],
    [[`Bearer ${token}`, `Bearer ${token}`], several],
    [[`Bearer ${token}, Bearer ${token}`], several],
    [["Basic x"], malformed],
    [[""], malformed],
    [["Bearer"], malformed],
    [[token], malformed],
  ];
  for (const [authorization, [status, details]] of rows) {
    await assertRefused(lab.call({ authorization }), status, details);
  }
});

Deno.test("every way to come without the right is refused, with the code for it", async () => {
  const lab = new Lab();
  const sign = async (changes: object, key = KEY) =>
    await signClaims(
      {
        iss: "https://localhost:8085",
        sub: subjectOf("Client", object("c1")),
        aud: ["jumpstarter"],
        exp: NOW / 1000 + 60,
        ...changes,
      },
      key.privateKey,
      "ES256",
    );
  const revoked = await sign({ jti: "old" });
  lab.revoked.add("old");
  const exporter = await lab.token("Exporter", object("e1"));
  const deleted = await lab.token("Client", object("gone"));
  const rows: [string, string | undefined, string, string | RegExp][] = [
    ["no token", undefined, "UNAUTHENTICATED", "missing authorization header"],
    ["garbage", "garbage", "UNKNOWN", "failed to authenticate token"],
    ["an empty token", "", "UNKNOWN", "failed to authenticate token"],
    ["expired", await sign({ exp: NOW / 1000 - 1 }), "UNKNOWN", /token is expired/],
    ["wrong audience", await sign({ aud: ["x"] }), "UNKNOWN", /expected audience/],
    ["wrong issuer", await sign({ iss: "https://x" }), "UNKNOWN", "failed to authenticate token"],
    ["wrong key", await sign({}, await SigningKey.generate()), "UNKNOWN", /verify signature/],
    ["revoked", revoked, "UNKNOWN", /is revoked/],
    ["wrong kind", exporter, "PERMISSION_DENIED", "permission denied for client lab/c1"],
    [
      "another object",
      await lab.token("Client", object("c2")),
      "PERMISSION_DENIED",
      "permission denied for client lab/c1",
    ],
    ["a deleted object", deleted, "PERMISSION_DENIED", "permission denied for client lab/c1"],
  ];
  for (const [what, token, status, details] of rows) {
    const authorization = token === undefined ? [] : `Bearer ${token}`;
    await assertRefused(lab.call({ authorization }), status, details).catch((error) => {
      throw new Error(what, { cause: error });
    });
  }
  assert.equal((await lab.call({ authorization: `Bearer ${await sign({})}` })).metadata.name, "c1");
});

Deno.test("the checks come in their order: token, metadata, name, kind, object", async () => {
  const lab = new Lab();
  const authorization = `Bearer ${await lab.token("Client", object("c1"))}`;
  const none: string[] = [];
  const wrong = { "jumpstarter-kind": "Robot", "jumpstarter-name": "" };
  const rows: [Headers, string, string][] = [
    [
      { authorization: none, "jumpstarter-namespace": none },
      "UNAUTHENTICATED",
      "missing authorization header",
    ],
    [
      { authorization: "Bearer x", "jumpstarter-namespace": none },
      "UNKNOWN",
      "failed to authenticate token",
    ],
    [
      { "jumpstarter-namespace": none, "jumpstarter-kind": none },
      "INVALID_ARGUMENT",
      "missing metadata: jumpstarter-namespace",
    ],
    [
      { "jumpstarter-namespace": ["lab", "lab"], ...wrong },
      "INVALID_ARGUMENT",
      "multiple metadata: jumpstarter-namespace",
    ],
    [
      { "jumpstarter-kind": none, "jumpstarter-name": "" },
      "INVALID_ARGUMENT",
      "missing metadata: jumpstarter-kind",
    ],
    [
      { "jumpstarter-kind": "Client, Client" },
      "INVALID_ARGUMENT",
      "multiple metadata: jumpstarter-kind",
    ],
    [wrong, "INVALID_ARGUMENT", "resource name required for pre-existing authentication"],
    [
      { "jumpstarter-kind": "client", "jumpstarter-name": "gone" },
      "INVALID_ARGUMENT",
      "object kind mismatch",
    ],
    [
      { "jumpstarter-name": ["c1", "c1"] },
      "INVALID_ARGUMENT",
      "resource name required for pre-existing authentication",
    ],
  ];
  for (const [headers, status, details] of rows) {
    await assertRefused(lab.call({ authorization, ...headers }), status, details);
  }
});

Deno.test("kind, object and owner have to fit, and refusals name them [controller 103]", async () => {
  const lab = new Lab();
  const client = `Bearer ${await lab.token("Client", object("c1"))}`;
  const exporter = `Bearer ${await lab.token("Exporter", object("e1"))}`;
  const asExporter = { "jumpstarter-kind": "Exporter", "jumpstarter-name": "e1" };
  await lab.call({ authorization: exporter, ...asExporter }, "Exporter");
  const mismatch = ["INVALID_ARGUMENT", "object kind mismatch"] as const;
  await assertRefused(lab.call({ authorization: client }, "Exporter"), ...mismatch);
  await assertRefused(lab.call({ authorization: exporter, ...asExporter }), ...mismatch);
  await assertRefused(
    lab.call({ authorization: client, ...asExporter }, "Exporter"),
    "PERMISSION_DENIED",
    "permission denied for exporter lab/e1",
  );
  for (const kind of ["Client", "Exporter"] as const) {
    const word = kind.toLowerCase();
    const call = (headers: Headers) =>
      lab.call({ authorization: client, "jumpstarter-kind": kind, ...headers }, kind);
    const missing = `${word}s.jumpstarter.dev "gone" not found`;
    await assertRefused(
      call({ "jumpstarter-name": "gone" }),
      "UNKNOWN",
      `${word} lab/gone: ${missing}`,
    );
    await assertRefused(
      call({ "jumpstarter-name": "gone", "jumpstarter-namespace": "other" }),
      "UNKNOWN",
      `${word} other/gone: ${missing}`,
    );
  }
  await assertRefused(
    lab.call({ authorization: client, "jumpstarter-namespace": "other" }),
    "UNKNOWN",
    'client other/c1: clients.jumpstarter.dev "c1" not found',
  );
});

Deno.test("a deleted client is unknown, and failures of the store keep their code [controller 104]", async () => {
  const lab = new Lab();
  const authorization = `Bearer ${await lab.token("Client", object("c1"))}`;
  const notFound = 'client lab/c1: clients.jumpstarter.dev "c1" not found';
  lab.objects.delete("Client c1");
  await assertRefused(lab.call({ authorization }), "UNKNOWN", notFound);
  const failure = (reason: string) => Object.assign(new Error("it is so"), { reason });
  lab.failure = failure("NotFound");
  await assertRefused(lab.call({ authorization }), "UNKNOWN", notFound);
  for (
    const [reason, status] of [
      ["Forbidden", "PERMISSION_DENIED"],
      ["Unauthorized", "UNAUTHENTICATED"],
      ["Conflict", "ABORTED"],
      ["Invalid", "INVALID_ARGUMENT"],
      ["ServiceUnavailable", "UNAVAILABLE"],
      ["ServerTimeout", "DEADLINE_EXCEEDED"],
      ["constructor", "INTERNAL"],
    ] as const
  ) {
    lab.failure = failure(reason);
    await assertRefused(lab.call({ authorization }), status, "client lab/c1: it is so");
  }
  lab.failure = new Error("disk I/O error");
  await assertRefused(lab.call({ authorization }), "INTERNAL", "client lab/c1: disk I/O error");
  lab.failure = new RpcError("RESOURCE_EXHAUSTED", "later");
  await assertRefused(lab.call({ authorization }), "RESOURCE_EXHAUSTED", "later");
});

Deno.test("an object made anew is another, unless it was migrated [controller 105]", async () => {
  const lab = new Lab();
  const authorization = `Bearer ${await lab.token("Client", object("c1"))}`;
  const anew = (annotations: object) =>
    lab.add("Client", {
      metadata: {
        ...object("c1").metadata,
        uid: "another",
        annotations: annotations as Record<string, string>,
      },
    });
  anew({});
  const denied = ["PERMISSION_DENIED", "permission denied for client lab/c1"] as const;
  await assertRefused(lab.call({ authorization }), ...denied);
  const [namespace, uid] = ["jumpstarter.dev/migrated-namespace", "jumpstarter.dev/migrated-uid"];
  anew({ [namespace]: "", [uid]: "" });
  await assertRefused(lab.call({ authorization }), ...denied);
  anew({ [namespace]: "", [uid]: "uid-of-c1" });
  await lab.call({ authorization });
  anew({ [namespace]: "before", [uid]: "uid-of-c1" });
  await assertRefused(lab.call({ authorization }), ...denied);
  const old = object("c1");
  const before = await lab.token("Client", { metadata: { ...old.metadata, namespace: "before" } });
  await lab.call({ authorization: `Bearer ${before}` });
});

Deno.test("external users get a client of their name where that is wanted [controller 106]", async () => {
  const user = { authorization: "Bearer user dex:foo@example.com" };
  for (const name of [[], "", "foo-example-com"]) {
    const lab = new Lab();
    const headers = { ...user, "jumpstarter-name": name };
    const refused =
      'client lab/foo-example-com: clients.jumpstarter.dev "foo-example-com" not found';
    await assertRefused(lab.call(headers), "UNKNOWN", refused);
    const created = await lab.call(headers, "Client", { provisions: true });
    assert.equal(created.metadata.name, "foo-example-com");
    assert.equal(created.spec?.username, "dex:foo@example.com");
    assert.equal(await lab.call(headers, "Client", { provisions: true }), created);
    assert.equal(await lab.call(headers), created);
    assert.deepEqual(lab.provisioned, ["foo-example-com"]);
    await assertRefused(
      lab.call({ ...headers, "jumpstarter-name": "bar" }, "Client", { provisions: true }),
      "INVALID_ARGUMENT",
      'resource name mismatch: given "bar", expected "foo-example-com"',
    );
    // Another user whose name comes out the same
    await assertRefused(
      lab.call({ ...headers, authorization: "Bearer user dex:foo.example.com" }),
      "PERMISSION_DENIED",
      "permission denied for client lab/foo-example-com",
    );
  }
});

Deno.test("service accounts use the objects that name them [controller 107]", async () => {
  const lab = new Lab();
  const username = "dex:system:serviceaccount:ns:sa";
  lab.add("Client", object("robot", { spec: { username } }));
  const call = (name: string) =>
    lab.call({ authorization: `Bearer user ${username}`, "jumpstarter-name": name });
  assert.equal((await call("robot")).metadata.name, "robot");
  await assertRefused(call(""), "INVALID_ARGUMENT", /^resource name required/);
  await assertRefused(call("c1"), "PERMISSION_DENIED", "permission denied for client lab/c1");
});

Deno.test("nobody who chooses a name, and no exporter, is provisioned", async () => {
  const lab = new Lab();
  const provisions = { provisions: true };
  const rows: [PrincipalKind, string, string][] = [
    ["Client", await lab.token("Client", object("gone")), "gone"],
    ["Client", await lab.token("Exporter", object("e1")), "anything"],
    ["Client", "user dex:system:serviceaccount:ns:sa", "anything"],
    ["Exporter", "user dex:foo", "foo"],
  ];
  for (const [kind, token, name] of rows) {
    const headers = {
      authorization: `Bearer ${token}`,
      "jumpstarter-kind": kind,
      "jumpstarter-name": name,
    };
    await assertRefused(lab.call(headers, kind, provisions), "UNKNOWN", /not found$/);
  }
  await assertRefused(
    lab.call(
      {
        authorization: "Bearer user dex:foo",
        "jumpstarter-name": "",
        "jumpstarter-namespace": "other",
      },
      "Client",
      provisions,
    ),
    "UNKNOWN",
    'client other/foo: clients.jumpstarter.dev "foo" not found',
  );
  const nameless = { authorization: "Bearer user dex:@", "jumpstarter-name": "" };
  await assertRefused(
    lab.call(nameless, "Client", provisions),
    "INVALID_ARGUMENT",
    /name required/,
  );
  assert.deepEqual(lab.provisioned, []);
});

Deno.test("two first calls of one user provision one client", async () => {
  const made: Principal[] = [];
  const gate: Gate<Principal> = {
    kind: "Client",
    namespace: "lab",
    internalPrefix: "internal:",
    verify: (token) => Promise.resolve({ username: token, isInternal: false, expires: 0 }),
    find: () => Promise.resolve(made[0]),
    async provision(_, name, username) {
      await Promise.resolve();
      if (made.length > 0) throw Object.assign(new Error("exists"), { reason: "AlreadyExists" });
      made.push(object(name, { spec: { username } }));
      return made[0]!;
    },
  };
  const headers = { ...METADATA, authorization: "Bearer dex:c1" };
  const call = () => authenticate(metadataOf(headers), gate);
  const callers = await Promise.all([call(), call()]);
  assert.equal(made.length, 1);
  assert.deepEqual(callers.map((caller) => caller.object), [made[0], made[0]]);
});

Deno.test("a request about another namespace is refused", () => {
  checkNamespace("lab", object("c1"));
  assert.throws(() => checkNamespace("other", object("c1")), {
    status: "PERMISSION_DENIED",
    details: "namespace mismatch",
  });
});
