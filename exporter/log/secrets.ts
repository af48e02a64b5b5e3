const HIDDEN = "[REDACTED]";

/** Names whose values are nobody's business. */
const NAMES = "token|secret|password|passphrase|passwd|signature|credential|authorization|api_?key";
const isSecretName = new RegExp(NAMES, "i");

/**
 * What tells of a secret in a text, and what stays of it. None looks back further than a few
 * characters, so that no text takes long.
 */
const SECRETS: readonly (readonly [pattern: RegExp, rest: string])[] = [
  // https://user:password@host
  [/(:\/\/[^\s/:@]{0,256}):[^\s/@]{1,256}@/g, `$1:${HIDDEN}@`],
  // ?X-Amz-Signature=…&token=…
  [new RegExp(`([?&](?:[\\w.-]{0,64}?(?:${NAMES})|sig)=)[^&\\s"'<>]+`, "gi"), `$1${HIDDEN}`],
  // Authorization: Bearer …
  [/(\bauthorization["']?\s?[:=]\s?["']?(?:\w{1,20}\s)?)[^\s"',]+/gi, `$1${HIDDEN}`],
  [/(\bbearer\s)[\w.~+/=-]{16,}/gi, `$1${HIDDEN}`],
  // a JSON web token
  [/(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+/g, HIDDEN],
];

/** What every one of them has: most texts need no closer look. */
const isSuspect = /:\/\/|=|eyJ|authorization|bearer/i;

/** A text without passwords in URLs, signatures and tokens. */
export function withoutSecrets(text: string): string {
  if (!isSuspect.test(text)) return text;
  return SECRETS.reduce((left, [pattern, rest]) => left.replace(pattern, rest), text);
}

/** The value of a field by its name, without secrets. */
export function fieldWithoutSecrets(name: string, value: string): string {
  return isSecretName.test(name) ? HIDDEN : withoutSecrets(value);
}
