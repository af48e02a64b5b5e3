/**
 * Pure encodings: `google.protobuf.Value` ↔ JavaScript values, router frames, stream requests.
 *
 * @module
 */
export { dataFrame, endFrame, type Frame, type FrameMeaning, meaningOf } from "./frame.ts";
export { fromValue, type Json, toValue } from "./value.ts";
export {
  formatStreamRequest,
  parseStreamRequest,
  type StreamRequestMetadata,
} from "./stream_request.ts";
