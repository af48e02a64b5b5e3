import { resolve } from "node:path";
import type { Fields, SectionRules } from "@jumpstarter/lib/config";
import { INTERNAL_ISSUER, INTERNAL_PREFIX } from "./internal_issuer.ts";

/** An external issuer: an entry of `authentication.jwt`, in the shape of Kubernetes. */
export interface IssuerConfig {
  /** Where its tokens and keys come from. */
  readonly issuer: {
    /** The `iss` of its tokens. */
    readonly url: string;
    /** Where its discovery document is, if not below `url`. */
    readonly discoveryURL?: string;
    /** More trusted roots: PEM, or a file with PEM. */
    readonly certificateAuthority?: string;
    /** One of these must be an audience of a token. */
    readonly audiences: readonly string[];
  };
  /** What the claims of a token must be. */
  readonly claimValidationRules: readonly ClaimRule[];
  /** What is made of the claims; only the username decides who it is. */
  readonly claimMappings: {
    readonly username: ValueSource;
    readonly groups?: ValueSource;
    readonly uid?: ValueSource;
    readonly extra: readonly { readonly key: string; readonly valueExpression: string }[];
  };
  /** What must hold for `user`, with its `username`, `groups`, `uid` and `extra`. */
  readonly userValidationRules: readonly ExpressionRule[];
}

/** A claim with the prefix its values get, or a CEL expression over `claims`. */
export type ValueSource =
  | { readonly claim: string; readonly prefix: string }
  | { readonly expression: string };

/** A CEL expression that must be true. */
export interface ExpressionRule {
  /** The expression, over `claims` or `user`. */
  readonly expression: string;
  /** Is told when it is not. */
  readonly message?: string;
}

/** What a claim must be. */
export type ClaimRule =
  | { readonly claim: string; readonly requiredValue: string }
  | ExpressionRule;

/** What the rest of the configuration says. */
export interface IssuerRules {
  /** The prefix of internal usernames, which no external user may have. */
  readonly internalPrefix?: string;
  /** Whether issuers may be reached without TLS: for tests alone. */
  readonly allowHttp?: boolean;
  /** The folder that the names of files begin in; the current one unless given. */
  readonly folder?: string;
}

/** Which keys a section takes; others are errors. */
const section = (...keys: readonly string[]): SectionRules => ({ keys, isStrict: true });
const SOURCE = section("claim", "expression");
const SOURCE_WITH_PREFIX = section("claim", "expression", "prefix");
const EXTRA = section("key", "valueExpression");
const EXPRESSION = section("expression", "message");
const CLAIM_RULE = section("claim", "requiredValue", "expression", "message");
const MAPPINGS = section("username", "groups", "uid", "extra");
const LOCATION = section(
  "url",
  "discoveryURL",
  "certificateAuthority",
  "audiences",
  "audienceMatchPolicy",
);
/** The keys of an issuer. */
export const ISSUER: SectionRules = section(
  "issuer",
  "claimValidationRules",
  "claimMappings",
  "userValidationRules",
);

/**
 * Reads an external issuer.
 *
 * @throws {ConfigError} naming file, line and key
 */
export function readIssuer(entry: Fields, rules: IssuerRules = {}): IssuerConfig {
  const mappings = entry.optionalSection("claimMappings", MAPPINGS) ??
    entry.refuse("claimMappings", "is missing; it says which claim is the username");
  const [groups, uid] = [readSource(mappings, "groups", true), readSource(mappings, "uid", false)];
  const config: IssuerConfig = {
    issuer: readLocation(entry, rules),
    claimValidationRules: readClaimRules(entry),
    claimMappings: {
      username: readUsername(mappings, rules),
      ...(groups && { groups }),
      ...(uid && { uid }),
      extra: mappings.sections("extra", EXTRA).map((extra) => ({
        key: extra.required("key"),
        valueExpression: extra.required("valueExpression"),
      })),
    },
    userValidationRules: entry.sections("userValidationRules", EXPRESSION).map(readExpression),
  };
  checkEmailIsVerified(config, mappings);
  return config;
}

function readLocation(entry: Fields, rules: IssuerRules): IssuerConfig["issuer"] {
  const node = entry.optionalSection("issuer", LOCATION) ?? entry.refuse("issuer", "is missing");
  const url = readUrl(node, "url", rules) ?? node.refuse("url", "is missing");
  if (url === INTERNAL_ISSUER) node.refuse("url", "is the controller's own issuer");
  const audiences = node.words("audiences");
  if (audiences.length === 0) node.refuse("audiences", "must name at least one audience");
  const policy = node.text("audienceMatchPolicy") || undefined;
  if (policy !== undefined && policy !== "MatchAny") {
    node.refuse("audienceMatchPolicy", 'must be "MatchAny"');
  }
  if (audiences.length > 1 && policy === undefined) {
    node.refuse("audienceMatchPolicy", 'must be "MatchAny" when there are several audiences');
  }
  const discoveryURL = readUrl(node, "discoveryURL", rules);
  const authority = node.text("certificateAuthority");
  const certificateAuthority = authority && !authority.includes("-----BEGIN ")
    ? resolve(rules.folder ?? "", authority)
    : authority;
  return {
    url,
    ...(discoveryURL && { discoveryURL }),
    ...(certificateAuthority && { certificateAuthority }),
    audiences,
  };
}

function readUrl(node: Fields, key: string, { allowHttp }: IssuerRules): string | undefined {
  const text = node.text(key);
  if (!text) return undefined;
  const url = URL.canParse(text) ? new URL(text) : node.refuse(key, `is no URL: ${text}`);
  const isAllowed = url.protocol === "https:" || (allowHttp && url.protocol === "http:");
  if (!isAllowed) node.refuse(key, "must begin with https://");
  if (url.username !== "" || url.password !== "" || url.hash !== "") {
    node.refuse(key, "must have no user, password or fragment");
  }
  return text;
}

function readUsername(mappings: Fields, rules: IssuerRules): ValueSource {
  const source = readSource(mappings, "username", true) ??
    mappings.refuse("username", "is missing; give a claim and a prefix, or an expression");
  const internal = rules.internalPrefix || INTERNAL_PREFIX;
  if ("prefix" in source && source.prefix.startsWith(internal)) {
    mappings.refuse("username.prefix", `must not begin with "${internal}": that is for own tokens`);
  }
  return source;
}

function readSource(
  mappings: Fields,
  key: string,
  hasPrefix: boolean,
): ValueSource | undefined {
  const node = mappings.optionalSection(key, hasPrefix ? SOURCE_WITH_PREFIX : SOURCE);
  if (node === undefined) return undefined;
  const [claim, expression] = [node.text("claim"), node.text("expression")];
  const prefix = hasPrefix ? node.text("prefix") : "";
  if (!claim === !expression) mappings.refuse(key, "must have either a claim or an expression");
  if (expression) {
    if (prefix) node.refuse("prefix", "goes with a claim; put it into the expression");
    return { expression };
  }
  return { claim: claim!, prefix: prefix ?? node.refuse("prefix", 'is missing; it may be ""') };
}

function readClaimRules(entry: Fields): ClaimRule[] {
  return entry.sections("claimValidationRules", CLAIM_RULE).map((node) => {
    const claim = node.text("claim");
    if (!claim) return readExpression(node);
    if (node.text("expression")) node.refuse("expression", "cannot stand beside a claim");
    return { claim, requiredValue: node.text("requiredValue") ?? "" };
  });
}

function readExpression(node: Fields): ExpressionRule {
  const [expression, message] = [node.required("expression"), node.text("message")];
  return { expression, ...(message && { message }) };
}

/** Otherwise anybody could give somebody else's address to the issuer, and be taken for them. */
function checkEmailIsVerified(
  { claimMappings: { username, extra }, claimValidationRules }: IssuerConfig,
  mappings: Fields,
): void {
  if (!("expression" in username) || !/\bclaims\.email\b/.test(username.expression)) return;
  const expressions = [
    username.expression,
    ...extra.map(({ valueExpression }) => valueExpression),
    ...claimValidationRules.map((rule) => "expression" in rule ? rule.expression : ""),
  ];
  if (expressions.some((expression) => expression.includes("email_verified"))) return;
  mappings.refuse(
    "username",
    "uses claims.email, but nothing looks at claims.email_verified; add it there or to " +
      "claimValidationRules",
  );
}
