import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";

/** A call as it comes in. */
export interface Call {
  readonly stream: ServerHttp2Stream;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  /** Where the caller is. */
  readonly peer: string;
}

/** Serves one call, or throws the reason why not. */
export type ServeCall = (call: Call) => void | Promise<void>;
