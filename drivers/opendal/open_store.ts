import { s3Config } from "./s3_config.ts";
import type { Store, StoreOptions } from "./store.ts";
import type { StoreConfig } from "./store_config.ts";

type Kwargs<Scheme> = Extract<StoreConfig, { scheme: Scheme }>["kwargs"];

/** Each kind of storage, loaded when a file asks for it. */
const stores: {
  [Scheme in StoreConfig["scheme"]]: (
    kwargs: Kwargs<Scheme>,
    options: StoreOptions,
  ) => Promise<Store>;
} = {
  fs: async (kwargs) => new (await import("./fs_store.ts")).FsStore(kwargs),
  memory: async (_, options) => new (await import("./memory_store.ts")).MemoryStore(options),
  http: async (kwargs, options) => new (await import("./http_store.ts")).HttpStore(kwargs, options),
  async s3(kwargs, options) {
    const { S3Store } = await import("./s3_store.ts");
    const config = s3Config(kwargs, Deno.env.get);
    // The schema has found no fault, so there is none, unless the environment has changed since.
    if ("fault" in config) throw new Error(`${config.key} ${config.fault}`);
    return new S3Store({ ...config, root: kwargs.root ?? "" }, options);
  },
};

/** Opens the storage that an exporter file describes. */
export function openStore<Scheme extends StoreConfig["scheme"]>(
  { scheme, kwargs }: { scheme: Scheme; kwargs: Kwargs<Scheme> },
  options: StoreOptions = {},
): Promise<Store> {
  return stores[scheme](kwargs, options);
}
