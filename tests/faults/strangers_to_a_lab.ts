/** Who comes to a lab with a credential that is not theirs or not good, and the calls they make. */
import { type Channel, RpcError, type StatusName } from "@jumpstarter/lib/rpc";
import { ClientService, ControllerService } from "@jumpstarter/proto";
import { InternalIssuer, RouterTokens, SigningKey } from "@jumpstarter/controller/auth";
import { signClaims } from "../../controller/auth/token.ts";
import { loadKeys } from "../../controller/services/keys.ts";
import type { Member, TestLab } from "../support/lab.ts";
import { PARENT } from "../support/lab_calls.ts";

/** How long a call may take that should be refused at once, milliseconds. */
const TIMEOUT = 10_000;
const HOUR = 3_600_000;

/** One call of the lab's services, with a request that is well-formed. */
export interface LabCall {
  readonly name: string;
  /** Who may make it. */
  readonly kinds: readonly Member["kind"][];
  /** Makes it, about a lease. */
  make(channel: Channel, lease: string): Promise<unknown>;
}

/** Reads a stream's first message, or what it fails with. */
async function first(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream) return;
}

/** A stream without messages. */
async function* nothing(): AsyncGenerator<never> {}

const timeout = { timeout: TIMEOUT };
const { Client, Exporter } = { Client: "Client", Exporter: "Exporter" } as const;
const duration = { seconds: 60, nanos: 0 };

/** Every call that the lab answers for clients or exporters; the last one takes the token away. */
export const LAB_CALLS: readonly LabCall[] = [
  {
    name: "Register",
    kinds: [Exporter],
    make: (channel) => channel.unary(ControllerService.register, { labels: {} }, timeout),
  },
  {
    name: "ReportStatus",
    kinds: [Exporter],
    make: (channel) => channel.unary(ControllerService.reportStatus, { status: 2 }, timeout),
  },
  {
    name: "GetServiceEndpoints",
    kinds: [Exporter],
    make: (channel) => channel.unary(ControllerService.getServiceEndpoints, {}, timeout),
  },
  {
    name: "AuditStream",
    kinds: [Exporter],
    make: (channel) => channel.clientStream(ControllerService.auditStream, nothing(), timeout),
  },
  {
    name: "Status",
    kinds: [Exporter],
    make: (channel) => first(channel.serverStream(ControllerService.status, {}, timeout)),
  },
  {
    name: "Listen",
    kinds: [Exporter],
    make: (channel, leaseName) =>
      first(channel.serverStream(ControllerService.listen, { leaseName }, { timeout: 1_000 })),
  },
  {
    name: "Dial",
    kinds: [Client],
    make: (channel, leaseName) =>
      channel.unary(ControllerService.dial, { leaseName }, { timeout: 1_000 }),
  },
  {
    name: "GetLease of old",
    kinds: [Client],
    make: (channel, name) => channel.unary(ControllerService.getLease, { name }, timeout),
  },
  {
    name: "RequestLease of old",
    kinds: [Client],
    make: (channel) =>
      channel.unary(ControllerService.requestLease, {
        duration,
        selector: { matchLabels: { board: "x" }, matchExpressions: [] },
      }, timeout),
  },
  {
    name: "ListLeases of old",
    kinds: [Client],
    make: (channel) => channel.unary(ControllerService.listLeases, {}, timeout),
  },
  {
    name: "GetExporter",
    kinds: [Client],
    make: (channel) =>
      channel.unary(ClientService.getExporter, { name: `${PARENT}/exporters/e1` }, timeout),
  },
  {
    name: "ListExporters",
    kinds: [Client],
    make: (channel) => channel.unary(ClientService.listExporters, { parent: PARENT }, timeout),
  },
  {
    name: "GetLease",
    kinds: [Client],
    make: (channel, lease) =>
      channel.unary(ClientService.getLease, { name: `${PARENT}/leases/${lease}` }, timeout),
  },
  {
    name: "ListLeases",
    kinds: [Client],
    make: (channel) => channel.unary(ClientService.listLeases, { parent: PARENT }, timeout),
  },
  {
    name: "CreateLease",
    kinds: [Client],
    make: (channel) =>
      channel.unary(ClientService.createLease, {
        parent: PARENT,
        lease: { selector: "board=x", duration },
      }, timeout),
  },
  {
    name: "UpdateLease",
    kinds: [Client],
    make: (channel, lease) =>
      channel.unary(ClientService.updateLease, {
        lease: { name: `${PARENT}/leases/${lease}`, duration: { seconds: 7_200, nanos: 0 } },
      }, timeout),
  },
  {
    name: "DeleteLease",
    kinds: [Client],
    make: (channel, lease) =>
      channel.unary(ClientService.deleteLease, { name: `${PARENT}/leases/${lease}` }, timeout),
  },
  {
    name: "ReleaseLease",
    kinds: [Client, Exporter],
    make: (channel, name) => channel.unary(ControllerService.releaseLease, { name }, timeout),
  },
  {
    name: "Unregister",
    kinds: [Exporter],
    make: (channel) => channel.unary(ControllerService.unregister, { reason: "test" }, timeout),
  },
  {
    name: "RotateToken",
    kinds: [Client],
    make: (channel) => channel.unary(ClientService.rotateToken, { parent: PARENT }, timeout),
  },
];

/** The metadata of a call: what a stranger says of itself. */
export type Claims = Readonly<Record<string, string>>;

/** Someone whose calls are refused, and how. */
export interface Stranger {
  readonly who: string;
  readonly metadata: Claims;
  readonly status: StatusName;
  readonly details: RegExp;
  /** Calls that do not look at this. */
  readonly except?: readonly string[];
}

/** What a member says of itself, with a token. */
export function claims({ kind, name }: Pick<Member, "kind" | "name">, token?: string): Claims {
  return {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    "jumpstarter-namespace": "lab",
    "jumpstarter-kind": kind,
    "jumpstarter-name": name,
  };
}

/** Those who are there in a lab, to be impersonated. */
export interface Members {
  /** Whose object and lease the calls are about. */
  readonly self: Member;
  /** Another one of the same kind. */
  readonly other: Member;
  /** One of the other kind. */
  readonly otherKind: Member;
  /** One whose token was replaced: this is the one before. */
  readonly rotated: Member;
  /** One that was deleted. */
  readonly deleted: Member;
}

/** All who would be `self` of `members` without being it. */
export async function strangers(lab: TestLab, members: Members): Promise<readonly Stranger[]> {
  const { self, other, otherKind, rotated, deleted } = members;
  const keys = await loadKeys(lab.store, "lab");
  const { metadata } = self.kind === "Client"
    ? await lab.store.clients.get("lab", self.name)
    : await lab.store.exporters.get("lab", self.name);
  const issued = async (key: SigningKey, now: number) => {
    const options = { key, isRevoked: () => false, now: () => now };
    const issuer = await InternalIssuer.open({ ...options, lifetime: HOUR });
    return (await issuer.issue(self.kind, { metadata })).token;
  };
  const [head, body] = self.token.split(".");
  const payload = JSON.parse(new TextDecoder().decode(fromBase64url(body!)));
  const changed = (claims: Record<string, unknown>) =>
    signClaims({ ...payload, ...claims }, keys.issuer.privateKey, "ES256");
  const admin = await Deno.readTextFile(`${lab.dir}/data/admin-token`);
  const unknown = { status: "UNKNOWN" } as const;
  const notVerified = { ...unknown, details: /^oidc: verify token: / };
  const noToken = { ...unknown, details: /^failed to authenticate token/ };
  const as = (token: string) => claims(self, token);
  return [
    {
      who: "nobody",
      metadata: claims(self),
      status: "UNAUTHENTICATED",
      details: /missing authorization header/,
    },
    {
      who: "one with another scheme",
      metadata: { ...as(""), authorization: `Basic ${self.token}` },
      status: "INVALID_ARGUMENT",
      details: /malformed authorization header/,
    },
    { who: "one with garbage", metadata: as("garbage"), ...noToken },
    { who: "one with half a token", metadata: as(self.token.slice(0, 40)), ...noToken },
    {
      who: "one with an expired token",
      metadata: as(await issued(keys.issuer, Date.now() - 2 * HOUR)),
      ...unknown,
      details: /token is expired/,
    },
    {
      who: "one with a token for another audience",
      metadata: as(await changed({ aud: ["elsewhere"] })),
      ...notVerified,
    },
    {
      who: "one with a token of another issuer",
      metadata: as(await changed({ iss: "https://evil.example" })),
      ...noToken,
    },
    {
      who: "one who signs with a key of its own",
      metadata: as(await issued(await SigningKey.generate(), Date.now())),
      ...notVerified,
    },
    {
      who: "one who does not sign",
      metadata: as(`${base64url('{"alg":"none","typ":"JWT"}')}.${body}.`),
      ...unknown,
      details: /^(oidc: verify token|failed to authenticate token)/,
    },
    {
      who: "one who signs with the public key as a secret",
      metadata: as(
        await signClaims(
          payload,
          new TextEncoder().encode(JSON.stringify(keys.issuer.publicJwk)),
          "HS256",
        ),
      ),
      ...notVerified,
    },
    {
      who: "one who changed the subject of a token",
      metadata: as(
        [head, base64url(JSON.stringify({ ...payload, exp: payload.exp + 1 })), "AAAA"].join("."),
      ),
      ...notVerified,
    },
    {
      who: "one with a token for routers",
      metadata: as(await new RouterTokens({ key: keys.router }).issue("l")),
      ...noToken,
    },
    { who: "one with the administrator's token", metadata: as(admin), ...noToken },
    {
      who: "one of the other kind as itself",
      metadata: claims(otherKind, otherKind.token),
      status: "INVALID_ARGUMENT",
      details: /^object kind mismatch$/,
      except: ["ReleaseLease"], // which both may ask for; it looks at whose lease it is
    },
    {
      who: "one of the other kind under this name",
      metadata: as(otherKind.token),
      status: "PERMISSION_DENIED",
      details: /^permission denied for /,
    },
    {
      who: "another one under this name",
      metadata: as(other.token),
      status: "PERMISSION_DENIED",
      details: /^permission denied for /,
    },
    {
      who: "one without a name",
      metadata: { ...as(self.token), "jumpstarter-name": "" },
      status: "INVALID_ARGUMENT",
      details: /resource name required/,
    },
    {
      who: "one with a kind that is none",
      metadata: { ...as(self.token), "jumpstarter-kind": "Administrator" },
      status: "INVALID_ARGUMENT",
      details: /^object kind mismatch$/,
    },
    {
      who: "one of another namespace",
      metadata: { ...as(self.token), "jumpstarter-namespace": "elsewhere" },
      ...unknown,
      details: /not found/,
    },
    {
      who: "one with the token before",
      metadata: claims(rotated, rotated.token),
      ...unknown,
      details: /revoked/,
    },
    {
      who: "one that was deleted",
      metadata: claims(deleted, deleted.token),
      ...unknown,
      details: /revoked|not found/,
    },
  ];
}

/** Whether a failure says that the caller is not who it has to be. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof RpcError)) return false;
  const { status, details } = error;
  return status === "UNAUTHENTICATED" || status === "PERMISSION_DENIED" ||
    /oidc|authenticate token|permission denied|object kind mismatch/.test(details);
}

function base64url(text: string): string {
  return new TextEncoder().encode(text).toBase64({ alphabet: "base64url", omitPadding: true });
}

function fromBase64url(text: string): Uint8Array {
  return Uint8Array.fromBase64(text, { alphabet: "base64url" });
}
