import { FrameType } from "@jumpstarter/proto";

/** A frame of `RouterService.Stream`, either direction. */
export interface Frame {
  /** The bytes that it carries. */
  payload: Uint8Array;
  /** What it means. */
  frameType: number;
}

/** What a received frame means to a byte stream. */
export type FrameMeaning = "data" | "end" | "nothing";

/** Frames that carry bytes. A large chunk must be split before: peers take 4 MiB at most. */
export function dataFrame(payload: Uint8Array): Frame {
  return { payload, frameType: FrameType.DATA };
}

/** The frame that ends one direction. */
export function endFrame(): Frame {
  return { payload: new Uint8Array(0), frameType: FrameType.GOAWAY };
}

/** Pings, resets, unknown types and empty data say nothing: a peer would take them for an end. */
export function meaningOf(frame: Frame): FrameMeaning {
  if (frame.frameType === FrameType.GOAWAY) return "end";
  return frame.frameType === FrameType.DATA && frame.payload.length > 0 ? "data" : "nothing";
}
