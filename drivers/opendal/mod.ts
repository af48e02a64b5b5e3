/**
 * Storage: files on the exporter's machine (`Opendal`), and flashers.
 *
 * @module
 */
export {
  FlasherClient,
  type FlashOptions,
  OpendalClient,
  OpendalFile,
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
} from "./interface.ts";
export { MockFlasher } from "./simulated.ts";
