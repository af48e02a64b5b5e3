/** What a store refuses, in the words of the Kubernetes API server. */
import { JumpstarterError } from "@jumpstarter/lib/errors";
import { groupKindOf, type KindFacts, resourceOf } from "./kinds.ts";

/** What is wrong with one field. */
export interface FieldCause {
  /** Where, such as `spec.clientRef`. */
  readonly field: string;
  /** What is wrong, as one word of the API server, such as `FieldValueRequired`. */
  readonly reason: string;
  /** What is wrong, as text, such as `Required value`. */
  readonly message: string;
}

/** The `reason` of a Kubernetes `Status`. */
export type StatusReason =
  | "BadRequest"
  | "NotFound"
  | "AlreadyExists"
  | "Conflict"
  | "Expired"
  | "Invalid"
  | "ServiceUnavailable";

/** The HTTP code of each. */
const HTTP_CODES: Readonly<Record<StatusReason, number>> = {
  BadRequest: 400,
  NotFound: 404,
  AlreadyExists: 409,
  Conflict: 409,
  Expired: 410,
  Invalid: 422,
  ServiceUnavailable: 503,
};

/** What an error is about. */
export interface ErrorSubject {
  /** The collection's facts. */
  readonly kind?: KindFacts | undefined;
  /** The object's name. */
  readonly name?: string | undefined;
  /** What is wrong, field by field. */
  readonly causes?: readonly FieldCause[] | undefined;
  /** What led to it. */
  readonly cause?: unknown;
}

/** The base of what a store throws: enough to make a Kubernetes `Status` or a gRPC status of it. */
export class StoreError extends JumpstarterError {
  /** The `reason` of the `Status`. */
  readonly reason: StatusReason;
  /** The HTTP code of the `Status`. */
  readonly status: number;
  /** What it is about. */
  readonly subject: ErrorSubject;

  constructor(reason: StatusReason, message: string, subject: ErrorSubject = {}) {
    const code = reason.replace(/(?<=.)[A-Z]/g, "_$&").toLowerCase();
    super(code, message, "cause" in subject ? { cause: subject.cause } : undefined);
    this.reason = reason;
    this.status = HTTP_CODES[reason];
    this.subject = subject;
  }
}

/** There is no such object. */
export class NotFoundError extends StoreError {
  constructor(kind: KindFacts, name: string) {
    super("NotFound", `${resourceOf(kind)} "${name}" not found`, { kind, name });
  }
}

/** There is an object of that name already. */
export class AlreadyExistsError extends StoreError {
  constructor(kind: KindFacts, name: string) {
    super("AlreadyExists", `${resourceOf(kind)} "${name}" already exists`, { kind, name });
  }
}

const MODIFIED =
  "the object has been modified; please apply your changes to the latest version and try again";

/** Somebody else changed the object since it was read: read it again, and decide again. */
export class ConflictError extends StoreError {
  constructor(kind: KindFacts, name: string, why: string = MODIFIED) {
    super("Conflict", `Operation cannot be fulfilled on ${resourceOf(kind)} "${name}": ${why}`, {
      kind,
      name,
    });
  }
}

/** The object breaks a rule of its kind; `subject.causes` names the fields. */
export class InvalidError extends StoreError {
  constructor(kind: KindFacts, name: string, causes: readonly FieldCause[]) {
    const texts = causes.map(({ field, message }) => `${field}: ${message}`);
    const text = texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`;
    const subject = { kind, name, causes };
    super("Invalid", `${groupKindOf(kind)} "${name}" is invalid: ${text}`, subject);
  }
}

/** The request makes no sense, whatever is in the store. */
export class BadRequestError extends StoreError {
  constructor(message: string) {
    super("BadRequest", message);
  }
}

/** The events asked for are no longer kept: list again, and watch from there. */
export class ExpiredError extends StoreError {
  constructor(message: string) {
    super("Expired", message);
  }
}

/** The store cannot be opened, read or written; the message names the file and what to do. */
export class UnavailableError extends StoreError {
  constructor(message: string, cause?: unknown) {
    super("ServiceUnavailable", message, { cause });
  }
}
