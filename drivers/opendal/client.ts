export { FlasherClient, type FlashOptions, type VerifyOptions } from "./flasher_client.ts";
export { OpendalClient } from "./opendal_client.ts";
export { OpendalFile, type Whence } from "./opendal_file.ts";
