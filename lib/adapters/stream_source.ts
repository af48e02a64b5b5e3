import type { CallOptions } from "../driver/client.ts";
import type { ByteStream } from "../streams/byte_stream.ts";

/** What an adapter needs of a driver client: a byte stream by method name. */
export interface StreamSource {
  /** Opens a byte stream to the device. */
  stream(method?: string, options?: CallOptions): Promise<ByteStream>;
}
