import { JumpstarterError } from "@jumpstarter/lib/errors";
import type { JsonObject } from "../store/mod.ts";

/** What the API itself refuses, before the store is asked, and the HTTP code of it. */
const REASONS = {
  BadRequest: 400,
  Unauthorized: 401,
  NotFound: 404,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  Conflict: 409,
  RequestEntityTooLarge: 413,
  UnsupportedMediaType: 415,
  Invalid: 422,
  TooManyRequests: 429,
  Timeout: 504,
} as const;

/** The `reason` of a Kubernetes `Status` that the API makes itself. */
export type ApiReason = keyof typeof REASONS;

/** A request that is refused before the store is asked; becomes a Kubernetes `Status`. */
export class ApiError extends JumpstarterError {
  /** The `reason` of the `Status`. */
  readonly reason: ApiReason;
  /** The HTTP code. */
  readonly status: number;
  /** The `details` of the `Status`, if there is more to say. */
  readonly details: JsonObject | undefined;

  constructor(reason: ApiReason, message: string, details?: JsonObject) {
    super(reason.replace(/(?<=.)[A-Z]/g, "_$&").toLowerCase(), message);
    this.reason = reason;
    this.status = REASONS[reason];
    this.details = details;
  }
}

/** Refuses a path that nothing answers to, in the words that tools know. */
export function noSuchPath(): ApiError {
  return new ApiError("NotFound", "the server could not find the requested resource");
}
