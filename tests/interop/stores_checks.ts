/** What `check_stores.py` and `stores_script.ts` check of each kind of storage. */
const both = [
  "10 MiB go there and back",
  "the exporter fetches a URL",
  "a file is written in pieces, and read from where it is sent to",
  "stat(), hash() and exists() know what is there",
  "list() stays in the folder, scan() goes below",
  "create_dir(), delete() and remove_all()",
  "capability() has every key, and is that of OpenDAL but for copy and rename",
  "created resources are counted",
];

/** The checks of all storages. */
export const storeChecks: readonly string[] = [
  ...["memory", "bucket"].flatMap((name) => both.map((check) => `${name}: ${check}`)),
  "bucket: copy()",
  "bucket: names of all kinds are those that OpenDAL itself finds",
  "bucket: presigned requests are good for anybody",
  "bucket: an image goes from bucket to bucket by presigned requests",
  "web: a file is read, and stat() and hash() know it",
  "web: a redirect is followed",
  "web: what is not there is told, what cannot be done is refused",
  "web: capability() is that of OpenDAL",
];
