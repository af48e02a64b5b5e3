// Made from jumpstarter/v1/router.proto by `deno task proto`; do not edit.
import type { Codec } from "../codec.ts";
import { field, message } from "../message.ts";
import { bidiStream, type Method } from "../service.ts";

/** What a frame means; the numbers are those of HTTP/2, where they exist. */
export const FrameType = {
  /** Bytes of the stream. */
  DATA: 0,
  /** The stream has failed. */
  RST_STREAM: 3,
  /** Says nothing; a receiver ignores it. */
  PING: 6,
  /** The end of the stream in this direction. */
  GOAWAY: 7,
} as const;
/** What a frame means; the numbers are those of HTTP/2, where they exist. */
export type FrameType = (typeof FrameType)[keyof typeof FrameType] | number;

/** One frame from the caller. */
export interface StreamRequest {
  /** Bytes of the stream. */
  payload: Uint8Array;
  /** What the frame means. */
  frameType: FrameType;
}
/** One frame from the caller. */
export const StreamRequest: Codec<StreamRequest> = message("jumpstarter.v1.StreamRequest", () => [
  field(1, "payload", "bytes"),
  field(2, "frameType", "enum"),
]);

/** One frame to the caller, with the same layout as StreamRequest. */
export interface StreamResponse {
  /** Bytes of the stream. */
  payload: Uint8Array;
  /** What the frame means. */
  frameType: FrameType;
}
/** One frame to the caller, with the same layout as StreamRequest. */
export const StreamResponse: Codec<StreamResponse> = message(
  "jumpstarter.v1.StreamResponse",
  () => [
    field(1, "payload", "bytes"),
    field(2, "frameType", "enum"),
  ],
);

/** Carries one byte stream in each direction over a single call. */
export type RouterService = {
  /** Opens a stream. What it leads to is told by the call's metadata. */
  readonly stream: Method<StreamRequest, StreamResponse, true, true>;
};
/** Carries one byte stream in each direction over a single call. */
export const RouterService: RouterService = {
  stream: bidiStream("/jumpstarter.v1.RouterService/Stream", StreamRequest, StreamResponse),
};
