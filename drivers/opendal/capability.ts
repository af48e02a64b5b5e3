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

const FS = [
  "stat",
  "read",
  "write",
  "write_can_multi",
  "write_can_empty",
  "write_can_append",
  "create_dir",
  "delete",
  "copy",
  "rename",
  "list",
  "shared",
  "blocking",
];

/** What the `fs` scheme can do. Clients want every key, so what it cannot do is there as well. */
export const fsCapability: Capability = {
  ...Object.fromEntries(ABILITIES.map((name) => [name, FS.includes(name)])),
  write_multi_max_size: null,
  write_multi_min_size: null,
  write_total_max_size: null,
};
