/** What a token says, once its signature, issuer, audience and times are found good. */
export interface VerifiedToken {
  /** The caller's name, with the prefix of the issuer. */
  readonly username: string;
  /** Whether this controller signed the token; its bearer says itself which object it is. */
  readonly isInternal: boolean;
  /** When the token expires, in ms since 1970. */
  readonly expires: number;
}
