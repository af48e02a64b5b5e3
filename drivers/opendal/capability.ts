import type { Capability } from "./interface.ts";

const ABILITIES = [
  "stat",
  "stat_with_if_match",
  "stat_with_if_none_match",
  "read",
  "read_with_if_match",
  "read_with_if_none_match",
  "read_with_override_cache_control",
  "read_with_override_content_disposition",
  "read_with_override_content_type",
  "write",
  "write_can_multi",
  "write_can_empty",
  "write_can_append",
  "write_with_content_type",
  "write_with_content_disposition",
  "write_with_cache_control",
  "create_dir",
  "delete",
  "copy",
  "rename",
  "list",
  "list_with_limit",
  "list_with_start_after",
  "list_with_recursive",
  "presign",
  "presign_read",
  "presign_stat",
  "presign_write",
  "shared",
  "blocking",
];

/** A capability with these abilities. Clients want every key, so what is not there is false. */
function capable(
  abilities: string,
  sizes: { smallestPart?: number; largestPart?: number } = {},
): Capability {
  const able = new Set(abilities.split(" "));
  return {
    ...Object.fromEntries(ABILITIES.map((name) => [name, able.has(name)])),
    write_multi_max_size: sizes.largestPart ?? null,
    write_multi_min_size: sizes.smallestPart ?? null,
    write_total_max_size: null,
  };
}

const CHANGE = "write write_can_empty create_dir delete copy rename list";
const CONDITIONS =
  "stat_with_if_match stat_with_if_none_match read_with_if_match read_with_if_none_match";

/** What the `fs` scheme can do. */
export const fsCapability: Capability = capable(
  `stat read ${CHANGE} write_can_multi write_can_append shared blocking`,
);

/** What the `memory` scheme can do. */
export const memoryCapability: Capability = capable(
  `stat read ${CHANGE} list_with_recursive blocking`,
);

/** What the `http` scheme can do with a password or token, which a URL would give away. */
export const httpCapability: Capability = capable(`stat read ${CONDITIONS} shared blocking`);

/** What the `http` scheme can do without a password or token. */
export const openHttpCapability: Capability = capable(
  `stat read ${CONDITIONS} presign presign_stat presign_read shared blocking`,
);

/** What the `s3` scheme can do; a part of a large file has 5 MiB to 5 GiB. */
export const s3Capability: Capability = capable(
  `stat read ${CHANGE} ${CONDITIONS} write_can_multi write_with_cache_control ` +
    "write_with_content_type read_with_override_cache_control read_with_override_content_type " +
    "read_with_override_content_disposition list_with_limit list_with_start_after " +
    "list_with_recursive presign presign_stat presign_read presign_write shared blocking",
  { smallestPart: 5_242_880, largestPart: 5_368_709_120 },
);
