import { ConfigError } from "@jumpstarter/lib/errors";
import { ConfigNode } from "./config_node.ts";
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
}

/**
 * Reads the list of external issuers.
 *
 * @param value the value of `path`, as the YAML parser gave it
 * @throws {ConfigError} naming the key that is wrong
 */
export function readIssuers(
  value: unknown,
  path = "authentication.jwt",
  rules: IssuerRules = {},
): IssuerConfig[] {
  const list = value ?? [];
  if (!Array.isArray(list)) throw new ConfigError(`${path} must be a list of issuers`);
  return list.map((entry, index) => readIssuer(entry, `${path}[${index}]`, rules));
}

function readIssuer(value: unknown, path: string, rules: IssuerRules): IssuerConfig {
  const keys = ["issuer", "claimValidationRules", "claimMappings", "userValidationRules"];
  const entry = new ConfigNode(value, path, keys);
  const mappings = entry.map("claimMappings", ["username", "groups", "uid", "extra"]) ??
    entry.refuse("claimMappings", "is missing; it says which claim is the username");
  const [groups, uid] = [readSource(mappings, "groups", true), readSource(mappings, "uid", false)];
  const config: IssuerConfig = {
    issuer: readLocation(entry, rules),
    claimValidationRules: readClaimRules(entry),
    claimMappings: {
      username: readUsername(mappings, rules),
      ...(groups && { groups }),
      ...(uid && { uid }),
      extra: mappings.maps("extra", ["key", "valueExpression"]).map((extra) => ({
        key: extra.required("key"),
        valueExpression: extra.required("valueExpression"),
      })),
    },
    userValidationRules: entry.maps("userValidationRules", ["expression", "message"])
      .map(readExpression),
  };
  checkEmailIsVerified(config, path);
  return config;
}

const LOCATION = [
  "url",
  "discoveryURL",
  "certificateAuthority",
  "audiences",
  "audienceMatchPolicy",
] as const;

function readLocation(entry: ConfigNode, rules: IssuerRules): IssuerConfig["issuer"] {
  const node = entry.map("issuer", LOCATION) ?? entry.refuse("issuer", "is missing");
  const url = readUrl(node, "url", rules) ?? node.refuse("url", "is missing");
  if (url === INTERNAL_ISSUER) node.refuse("url", "is the controller's own issuer");
  const audiences = node.words("audiences");
  if (audiences.length === 0) node.refuse("audiences", "must name at least one audience");
  const policy = node.word("audienceMatchPolicy");
  if (policy !== undefined && policy !== "MatchAny") {
    node.refuse("audienceMatchPolicy", 'must be "MatchAny"');
  }
  if (audiences.length > 1 && policy === undefined) {
    node.refuse("audienceMatchPolicy", 'must be "MatchAny" when there are several audiences');
  }
  const discoveryURL = readUrl(node, "discoveryURL", rules);
  const certificateAuthority = node.word("certificateAuthority");
  return {
    url,
    ...(discoveryURL && { discoveryURL }),
    ...(certificateAuthority && { certificateAuthority }),
    audiences,
  };
}

function readUrl(node: ConfigNode, key: string, { allowHttp }: IssuerRules): string | undefined {
  const text = node.word(key);
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : node.refuse(key, `is no URL: ${text}`);
  const isAllowed = url.protocol === "https:" || (allowHttp && url.protocol === "http:");
  if (!isAllowed) node.refuse(key, "must begin with https://");
  if (url.username !== "" || url.password !== "" || url.hash !== "") {
    node.refuse(key, "must have no user, password or fragment");
  }
  return text;
}

function readUsername(mappings: ConfigNode, rules: IssuerRules): ValueSource {
  const source = readSource(mappings, "username", true) ??
    mappings.refuse("username", "is missing; give a claim and a prefix, or an expression");
  const internal = rules.internalPrefix || INTERNAL_PREFIX;
  if ("prefix" in source && source.prefix.startsWith(internal)) {
    mappings.refuse("username.prefix", `must not begin with "${internal}": that is for own tokens`);
  }
  return source;
}

function readSource(
  mappings: ConfigNode,
  key: string,
  hasPrefix: boolean,
): ValueSource | undefined {
  const keys = ["claim", "expression", ...hasPrefix ? ["prefix"] : []];
  const node = mappings.map(key, keys);
  if (node === undefined) return undefined;
  const [claim, expression] = [node.word("claim"), node.word("expression")];
  const prefix = hasPrefix ? node.text("prefix") : "";
  if ((claim === undefined) === (expression === undefined)) {
    mappings.refuse(key, "must have either a claim or an expression");
  }
  if (expression !== undefined) {
    if (prefix) node.refuse("prefix", "goes with a claim; put it into the expression");
    return { expression };
  }
  return { claim: claim!, prefix: prefix ?? node.refuse("prefix", 'is missing; it may be ""') };
}

function readClaimRules(entry: ConfigNode): ClaimRule[] {
  const keys = ["claim", "requiredValue", "expression", "message"];
  return entry.maps("claimValidationRules", keys).map((node) => {
    const claim = node.word("claim");
    if (claim === undefined) return readExpression(node);
    if (node.word("expression")) node.refuse("expression", "cannot stand beside a claim");
    return { claim, requiredValue: node.text("requiredValue") ?? "" };
  });
}

function readExpression(node: ConfigNode): ExpressionRule {
  const [expression, message] = [node.required("expression"), node.word("message")];
  return { expression, ...(message && { message }) };
}

/** Otherwise anybody could give somebody else's address to the issuer, and be taken for them. */
function checkEmailIsVerified(config: IssuerConfig, path: string): void {
  const { claimMappings: { username, extra }, claimValidationRules } = config;
  if (!("expression" in username) || !/\bclaims\.email\b/.test(username.expression)) return;
  const expressions = [
    username.expression,
    ...extra.map(({ valueExpression }) => valueExpression),
    ...claimValidationRules.map((rule) => "expression" in rule ? rule.expression : ""),
  ];
  if (expressions.some((expression) => expression.includes("email_verified"))) return;
  throw new ConfigError(
    `${path}.claimMappings.username.expression uses claims.email, but nothing looks at ` +
      "claims.email_verified; add it there or to claimValidationRules",
  );
}
