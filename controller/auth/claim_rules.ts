import { ConfigError } from "@jumpstarter/lib/errors";
import { RpcError } from "@jumpstarter/lib/rpc";
import type { ExpressionRule, IssuerConfig, ValueSource } from "./issuer_config.ts";
import { type Claims, refuseToken } from "./token.ts";

/** What a CEL expression says of some variables. */
type Evaluate = (variables: Readonly<Record<string, unknown>>) => unknown;
type Compile = (expression: string) => Evaluate;

/** Finds the username in claims; throws for claims that the rules refuse. */
export type UsernameOf = (claims: Claims) => string;

/**
 * Gets the rules of an issuer ready: what its claims must be, and which of them is the username.
 *
 * @throws {ConfigError} for an expression that is no CEL
 */
export async function compileRules(config: IssuerConfig): Promise<UsernameOf> {
  const { claimMappings: mappings, claimValidationRules, userValidationRules } = config;
  const compile = usesCel(config) ? await celCompiler() : noCel;
  const checks = claimValidationRules.map((rule) =>
    "claim" in rule
      ? (claims: Claims) => checkClaim(claims, rule.claim, rule.requiredValue)
      : expressionCheck(rule, compile, "claim", (claims: Claims) => ({ claims }))
  );
  const username = usernameReader(mappings.username, compile);
  const userChecks = userValidationRules.map((rule) =>
    expressionCheck(rule, compile, "user", (user: unknown) => ({ user }))
  );
  const groups = mappings.groups && reader(mappings.groups, compile);
  const uid = mappings.uid && reader(mappings.uid, compile);
  const extra = mappings.extra.map(({ key, valueExpression }) =>
    [key, compile(valueExpression)] as const
  );
  return (claims) => {
    for (const check of checks) check(claims);
    const user = { username: username(claims) };
    if (userChecks.length > 0) {
      Object.assign(user, {
        groups: texts(groups?.(claims)),
        uid: uid?.(claims) ?? "",
        extra: Object.fromEntries(extra.map(([key, value]) => [key, texts(value({ claims }))])),
      });
      for (const check of userChecks) check(user);
    }
    return user.username;
  };
}

function usernameReader(source: ValueSource, compile: Compile): UsernameOf {
  const read = reader(source, compile);
  return (claims) => {
    if ("claim" in source) {
      const { claim } = source;
      if (!Object.hasOwn(claims, claim)) {
        refuseToken(`oidc: parse username claims "${claim}": claim not present`);
      }
      const isVerified = claims.email_verified === undefined || claims.email_verified === true;
      if (claim === "email" && !isVerified) refuseToken("oidc: email not verified");
    }
    const value = read(claims);
    if (typeof value !== "string" || value === "") {
      refuseToken("oidc: the username is no text, or empty");
    }
    return value;
  };
}

/** Reads a value, with its prefix, out of claims. */
function reader(source: ValueSource, compile: Compile): (claims: Claims) => unknown {
  if ("expression" in source) {
    const evaluate = compile(source.expression);
    return (claims) => evaluate({ claims });
  }
  const prefixed = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(prefixed)
      : typeof value === "string" && value !== ""
      ? source.prefix + value
      : undefined;
  return (claims) => prefixed(claims[source.claim]);
}

function checkClaim(claims: Claims, claim: string, required: string): void {
  if (!Object.hasOwn(claims, claim)) {
    refuseToken(`oidc: required claim ${claim} not present in ID token`);
  }
  if (claims[claim] !== required) {
    refuseToken(`oidc: required claim ${claim} value does not match "${required}"`);
  }
}

function expressionCheck<Subject>(
  { expression, message }: ExpressionRule,
  compile: Compile,
  what: string,
  variables: (subject: Subject) => Record<string, unknown>,
): (subject: Subject) => void {
  const evaluate = compile(expression);
  const why = message ?? `${expression} is false`;
  return (subject) => {
    if (evaluate(variables(subject)) !== true) refuseToken(`oidc: ${what} validation: ${why}`);
  };
}

function texts(value: unknown): string[] {
  return [value].flat().filter((item) => typeof item === "string" && item !== "") as string[];
}

function usesCel({ claimMappings, claimValidationRules, userValidationRules }: IssuerConfig) {
  const { username, groups, uid, extra } = claimMappings;
  return extra.length > 0 ||
    [username, groups, uid, ...claimValidationRules, ...userValidationRules]
      .some((source) => source !== undefined && "expression" in source);
}

async function celCompiler(): Promise<Compile> {
  const { Environment } = await import("@marcbachmann/cel-js");
  const cel = new Environment({ enableOptionalTypes: true })
    .registerVariable("claims", "map")
    .registerVariable("user", "map");
  return (expression) => {
    try {
      const compiled = cel.parse(expression);
      const { error } = compiled.check();
      if (error) throw error;
      return (variables) => evaluate(expression, () => compiled(variables));
    } catch (cause) {
      const [why] = (cause as Error).message.split("\n");
      throw new ConfigError(`the CEL expression ${expression} cannot be used: ${why}`, { cause });
    }
  };
}

function evaluate(expression: string, run: () => unknown): unknown {
  try {
    return run();
  } catch (cause) {
    // What the library says may quote claims.
    throw new RpcError("UNKNOWN", `oidc: cannot evaluate ${expression}`, { cause });
  }
}

function noCel(expression: string): never {
  throw new TypeError(`no CEL for ${expression}`);
}
