import { RpcError, statusName } from "./status.ts";

/** The details of a call whose connection broke, in place of grpc-js's many ways to say so. */
export const GONE = "the other side went away";

const broken =
  /^Connection dropped$|triggered by internal client error: |^(read|write) E(PIPE|CONNRESET)$/;

/** The error of a call, from what grpc-js gives; an error of ours stays what it is. */
export function callError(error: unknown): RpcError {
  if (error instanceof RpcError) return error;
  const { code, details, message } = error as { code: number; details?: string; message: string };
  const text = details ?? message;
  return broken.test(text)
    ? new RpcError("UNAVAILABLE", GONE, { cause: error })
    : new RpcError(statusName(code), text, { cause: error });
}
