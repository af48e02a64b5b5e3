export {
  type DumpOptions,
  FlasherClient,
  type FlashOptions,
  type Images,
} from "./flasher_client.ts";
export { OpendalClient } from "./opendal_client.ts";
export { OpendalFile, type Whence } from "./opendal_file.ts";
export { StorageMuxClient } from "./storage_mux_client.ts";
export { StorageMuxFlasherClient } from "./storage_mux_flasher_client.ts";
