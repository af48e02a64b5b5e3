import {
  ConnectionError,
  DriverError,
  ExporterNotReadyError,
  InvalidArgumentError,
  type JumpstarterError,
  NotImplementedError,
  TimeoutError,
} from "../errors.ts";
import { GONE } from "../rpc/call_error.ts";
import { RpcError, type StatusName } from "../rpc/status.ts";

type Maker = (what: string, details: string, cause: RpcError) => JumpstarterError;

const makers: Partial<Record<StatusName, Maker>> = {
  NOT_FOUND: notOffered,
  UNIMPLEMENTED: (what, details, cause) =>
    new NotImplementedError(`${what}: ${details}`, { cause }),
  INVALID_ARGUMENT: (_, details, cause) => new InvalidArgumentError(details, { cause }),
  FAILED_PRECONDITION: (_, details, cause) => new ExporterNotReadyError(details, { cause }),
  DEADLINE_EXCEEDED: (what, details, cause) => new TimeoutError(`${what}: ${details}`, { cause }),
  UNAVAILABLE: (what, details, cause) =>
    new ConnectionError(`${what}: ${details === GONE ? "the exporter went away" : details}`, {
      cause,
    }),
  UNAUTHENTICATED: (_, details, cause) =>
    new ConnectionError(`Authentication failed: ${details}`, { cause }),
};

/** The error that a failed driver call or stream means to its caller; `what` names the call. */
export function driverFailure<E>(what: string, error: E): E | JumpstarterError {
  if (!(error instanceof RpcError)) return error;
  const details = error.details === "" ? "the driver does not say why" : textOf(error);
  const make = makers[error.status];
  return make?.(what, details, error) ?? new DriverError(`${what}: ${details}`, { cause: error });
}

const unanswered = /Last error: (?:Error: )?(.*?)\. Resolution note/s;

function textOf({ details }: RpcError): string {
  const [, reason] = unanswered.exec(details) ?? [];
  return reason === undefined ? details : `the exporter does not answer any more (${reason})`;
}

/** The text of an error; of one that says that nothing answers, what the socket said. */
export function reasonOf({ status, details }: RpcError): string {
  if (status === "DEADLINE_EXCEEDED") return "no answer in time";
  const reason = unanswered.exec(details)?.[1] ?? details;
  return reason.startsWith("Failed to connect (") ? "it closed the connection" : reason;
}

function notOffered(what: string, details: string, cause: RpcError): JumpstarterError {
  return new NotImplementedError(`the driver does not offer "${what}" (${details})`, { cause });
}
