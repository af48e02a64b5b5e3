const NAME = /^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
const MAX_NAME = 63;
const MAX_PREFIX = 253;
const NAME_RULE = `at most ${MAX_NAME} letters, digits, "-", "_" and ".", ` +
  `beginning and ending with a letter or digit`;

/** Says what is wrong with a label key (`name` or `prefix/name`), or `undefined`. */
export function faultOfLabelKey(key: string): string | undefined {
  const parts = key.split("/");
  const name = parts.at(-1)!;
  if (parts.length > 2) return `"${key}" is not a label key: it has more than one "/"`;
  if (parts.length === 2 && (parts[0]!.length > MAX_PREFIX || !SUBDOMAIN.test(parts[0]!))) {
    return `"${key}" is not a label key: its prefix "${parts[0]}" is not a domain name`;
  }
  if (name.length > MAX_NAME || !NAME.test(name)) {
    return `"${key}" is not a label key: a name is ${NAME_RULE}`;
  }
  return undefined;
}

/** Says what is wrong with a label value, or `undefined`. */
export function faultOfLabelValue(value: string): string | undefined {
  const isValue = value === "" || (value.length <= MAX_NAME && NAME.test(value));
  return isValue ? undefined : `"${value}" is not a label value: a value is empty, or ${NAME_RULE}`;
}
