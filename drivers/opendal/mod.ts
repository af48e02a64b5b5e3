/**
 * Storage: files at the exporter's side (`Opendal`), flashers, and storage muxes.
 *
 * @module
 */
export {
  type DumpOptions,
  FlasherClient,
  type FlashOptions,
  type Images,
  OpendalClient,
  OpendalFile,
  StorageMuxClient,
  StorageMuxFlasherClient,
  type Whence,
} from "./client.ts";
export { Opendal } from "./driver.ts";
export type { HttpKwargs } from "./http_store.ts";
export type {
  Capability,
  FlasherInterface,
  HashAlgorithm,
  Metadata,
  PresignedRequest,
  StorageMuxInterface,
} from "./interface.ts";
export type { S3Kwargs } from "./s3_config.ts";
export type { OpendalConfig, StoreConfig } from "./store_config.ts";
export type { PartialImage, ResumableFlasher } from "./partial_image.ts";
export { MockFlasher, MockStorageMux, MockStorageMuxFlasher } from "./simulated.ts";
