/**
 * Who calls, and what they may do: tokens of our own, tokens of OpenID Connect issuers, the
 * metadata of calls, and the rights to leases.
 *
 * @module
 */
export {
  authenticate,
  type Caller,
  checkNamespace,
  type Gate,
  type Lookup,
} from "./authenticate.ts";
export type { UsernameOf } from "./claim_rules.ts";
export { checkIssuer } from "./external_issuer.ts";
export {
  type DiscoveryDocument,
  INTERNAL_ISSUER,
  INTERNAL_PREFIX,
  InternalIssuer,
  type InternalIssuerOptions,
  type IsRevoked,
  type IssuedToken,
  type KeySet,
} from "./internal_issuer.ts";
export {
  type ClaimRule,
  type ExpressionRule,
  ISSUER,
  type IssuerConfig,
  type IssuerRules,
  readIssuer,
  type ValueSource,
} from "./issuer_config.ts";
export type { IssuerKeysOptions } from "./issuer_keys.ts";
export {
  checkDial,
  checkHolder,
  checkListen,
  checkOwner,
  type LeaseClaim,
  type OwnerMethod,
} from "./lease_access.ts";
export { legacyPublicKey } from "./legacy_key.ts";
export {
  bearerToken,
  callingKind,
  type ClaimedIdentity,
  claimedIdentity,
  METADATA,
  type RequestMetadata,
} from "./metadata.ts";
export { isUserOf, type Principal, type PrincipalKind, subjectOf } from "./principal.ts";
export { type RouterGrant, RouterTokens, type RouterTokensOptions } from "./router_tokens.ts";
export { type PublicJwk, readPublicKey, SigningKey } from "./signing_key.ts";
export { storeFailure } from "./store_failure.ts";
export { type Claims } from "./token.ts";
export { TokenVerifier, type TokenVerifierOptions } from "./token_verifier.ts";
export { derivedName } from "./username.ts";
export type { VerifiedToken } from "./verified_token.ts";
