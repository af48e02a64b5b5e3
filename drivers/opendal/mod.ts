/**
 * Storage: files on the exporter's machine (`Opendal`), flashers, and storage muxes.
 *
 * @module
 */
export {
  FlasherClient,
  type FlashOptions,
  type Images,
  OpendalClient,
  OpendalFile,
  StorageMuxClient,
  StorageMuxFlasherClient,
  type VerifyOptions,
  type Whence,
} from "./client.ts";
export { Opendal, type OpendalConfig } from "./driver.ts";
export type {
  Capability,
  FlasherInterface,
  HashAlgorithm,
  Metadata,
  PresignedRequest,
  StorageMuxInterface,
} from "./interface.ts";
export { MockFlasher, MockStorageMux, MockStorageMuxFlasher } from "./simulated.ts";
