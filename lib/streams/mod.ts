/**
 * Byte streams: one interface, one forwarding function with backpressure and half-close, progress,
 * and the resources that carry files to and from drivers.
 *
 * @module
 */
export { type ByteStream, CHUNK_SIZE, chunks, concat, readAll } from "./byte_stream.ts";
export { compressed } from "./compressed_stream.ts";
export { type Connection, fromConnection, writeFully } from "./connection.ts";
export { DatagramQueue } from "./datagram_queue.ts";
export { FrameStream, type FrameStreamOptions } from "./frame_stream.ts";
export { copy, forward, type ForwardOptions } from "./forward.ts";
export { overlap } from "./overlap.ts";
export { pipe } from "./pipe.ts";
export { type HttpRequest, openRequest } from "./presigned.ts";
export { formatBytes, formatProgress, type Transfer } from "./progress.ts";
export { type ImageSink, openSink, type Sink } from "./sink.ts";
export { type ImageSource, openSource, type Source } from "./source.ts";
export { SparseFile } from "./sparse_file.ts";
export { systemReason } from "./system_reason.ts";
export { unlessAborted } from "./unless_aborted.ts";
export { webUrl } from "./web_url.ts";
export { withinTime } from "./within_time.ts";
