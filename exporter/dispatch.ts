import {
  checkArguments,
  type Driver,
  type ExportedMethod,
  exportedMethods,
  type MethodKind,
} from "@jumpstarter/lib/driver";
import { RpcError, Status, statusOf } from "@jumpstarter/lib/rpc";
import type { ByteStream } from "@jumpstarter/lib/streams";
import type { Session } from "./session.ts";
import { allowsCalls, nameOf } from "./status.ts";

/** What the peer calls the mark of each kind of method, in its errors. */
const markers: Record<MethodKind, string> = {
  call: "marker_drivercall",
  streamingCall: "marker_streamingdrivercall",
  bytes: "marker_streamcall",
};

type Callable = (...args: unknown[]) => unknown;

/** Calls a driver's method that gives one answer. */
export async function callMethod(
  session: Session,
  uuid: string,
  name: string,
  args: unknown[],
  signal: AbortSignal,
): Promise<unknown> {
  assertCallable(session);
  const driver = findDriver(session, uuid);
  session.resources.belong(args, signal);
  try {
    return await logged(driver, name, async () => {
      const { run, parameters } = findMethod(driver, name, "call");
      return await run(...await checkArguments(name, parameters, args));
    });
  } finally {
    await session.resources.release(driver, args);
  }
}

/** Calls a driver's method that gives a stream of answers. */
export async function* streamMethod(
  session: Session,
  uuid: string,
  name: string,
  args: unknown[],
  signal: AbortSignal,
): AsyncGenerator<unknown> {
  assertCallable(session);
  const driver = findDriver(session, uuid);
  const outcome = startLog(driver, name);
  try {
    const { run, parameters } = findMethod(driver, name, "streamingCall");
    const items = run(...await checkArguments(name, parameters, args)) as AsyncGenerator<unknown>;
    // A generator that waits for its device must not outlive its caller.
    signal.addEventListener("abort", () => void items.return?.(undefined), { once: true });
    yield* items;
    outcome();
  } catch (error) {
    outcome(error);
    throw error;
  } finally {
    await session.resources.release(driver, args);
  }
}

/** Opens a driver's byte stream. Streams are open in every status, as with the peer. */
export async function openBytes(
  session: Session,
  uuid: string,
  name: string,
): Promise<ByteStream> {
  const { run } = findMethod(findDriver(session, uuid), name, "bytes");
  return await run() as ByteStream;
}

/** The driver of a uuid; fails with UNKNOWN, which clients expect. */
export function findDriver(session: Session, uuid: string): Driver {
  const driver = session.tree.find(uuid);
  if (driver === undefined) throw new RpcError("UNKNOWN", `no driver has the uuid "${uuid}"`);
  return driver;
}

function assertCallable(session: Session): void {
  const { status } = session.status;
  if (allowsCalls(status)) return;
  throw new RpcError(
    "FAILED_PRECONDITION",
    `Exporter not ready for driver calls (status: ${nameOf(status)})`,
  );
}

function findMethod(
  driver: Driver,
  name: string,
  kind: MethodKind,
): { run: Callable; parameters: ExportedMethod["parameters"] } {
  const method = exportedMethods(driver.constructor).get(name);
  if (method === undefined) {
    throw new RpcError("NOT_FOUND", `method ${name} not found on driver`);
  }
  if (method.kind !== kind) {
    throw new RpcError("NOT_FOUND", `method ${name} missing marker ${markers[kind]}`);
  }
  const run = (driver as unknown as Record<PropertyKey, Callable>)[method.property]!;
  return { run: run.bind(driver), parameters: method.parameters };
}

async function logged<T>(driver: Driver, operation: string, work: () => Promise<T>): Promise<T> {
  const outcome = startLog(driver, operation);
  try {
    const result = await work();
    outcome();
    return result;
  } catch (error) {
    outcome(error);
    throw error;
  }
}

/** Logs the start of an operation; the returned function logs its end. */
function startLog(driver: Driver, operation: string): (error?: unknown) => void {
  driver.log.info("Operation started", { operation });
  return (error) => {
    if (error === undefined) {
      driver.log.info("Operation completed", { operation, fields: { result: "success" } });
      return;
    }
    const errorType = errorTypes[statusOf(error).code] ?? "internal_error";
    driver.log.warning("Operation failed", {
      operation,
      fields: { result: "failure", error_type: errorType },
    });
  };
}

const errorTypes: Record<number, string> = {
  [Status.INVALID_ARGUMENT]: "validation_error",
  [Status.DEADLINE_EXCEEDED]: "timeout",
  [Status.UNIMPLEMENTED]: "not_implemented",
  [Status.INTERNAL]: "device_error",
  [Status.UNAVAILABLE]: "connection_error",
};
