import type { DriverInstanceReport, Init } from "@jumpstarter/proto";
import { CLIENT_LABEL, NAME_LABEL } from "@jumpstarter/lib/client";
import type { Driver } from "@jumpstarter/lib/driver";
import { DriverError, TimeoutError } from "@jumpstarter/lib/errors";

/** How long a driver may take to reset its device, milliseconds: longer than a TCP connect. */
const RESET_TIMEOUT = 40_000;
/** How long the drivers may take to close, milliseconds. */
const CLOSE_TIMEOUT = 5_000;
/** How long each may take at least: where one hangs, the others are closed all the same. */
const LEAST_CLOSE_TIMEOUT = 1_000;

/** The drivers of a session, by place and by uuid. */
export class DeviceTree implements AsyncDisposable {
  /** Holds the entries of `export:` as its children. */
  readonly root: Driver;
  /** Every driver once, children before parents. */
  readonly drivers: readonly Driver[];
  #byUuid: ReadonlyMap<string, Driver>;

  constructor(root: Driver) {
    this.root = root;
    this.drivers = [...new Set(childrenFirst(root))];
    this.#byUuid = new Map(this.drivers.map((driver) => [driver.uuid, driver]));
  }

  /** The driver of a uuid, written in any of the usual ways. */
  find(uuid: string): Driver | undefined {
    const digits = uuid.toLowerCase().replace(/^urn:uuid:/, "").replace(/[{}-]/g, "");
    const hyphened = digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    return this.#byUuid.get(hyphened) ?? this.#byUuid.get(uuid);
  }

  /** The report of GetReport: parents before children, a driver once for each place it has. */
  report(): Init<DriverInstanceReport>[] {
    return [...reports(this.root, "", undefined)];
  }

  /**
   * Brings every driver into its starting state. The first failure, which names its driver, or the
   * signal ends it.
   */
  async reset(signal?: AbortSignal): Promise<void> {
    for (const driver of this.drivers) {
      try {
        await within(RESET_TIMEOUT, async () => await driver.reset(), signal);
      } catch (cause) {
        if (signal?.aborted) throw cause;
        throw new DriverError(`resetting driver "${driver.name}" failed: ${reasonOf(cause)}`, {
          cause,
        });
      }
    }
  }

  /** Closes every driver, parents before children; one that fails or hangs keeps no other open. */
  async [Symbol.asyncDispose](): Promise<void> {
    await closeDrivers(this.drivers);
  }
}

/** Closes drivers in reverse order; failures are logged by name. */
export async function closeDrivers(drivers: readonly Driver[]): Promise<void> {
  const end = performance.now() + CLOSE_TIMEOUT;
  for (const driver of drivers.toReversed()) {
    const left = Math.max(Math.round(end - performance.now()), LEAST_CLOSE_TIMEOUT);
    try {
      await within(left, async () => await driver[Symbol.asyncDispose]());
    } catch (error) {
      driver.log.error(`closing driver "${driver.name}" failed: ${reasonOf(error)}`);
    }
  }
}

function* childrenFirst(driver: Driver): Generator<Driver> {
  for (const child of driver.children.values()) yield* childrenFirst(child);
  yield driver;
}

function* reports(
  driver: Driver,
  name: string,
  parent: Driver | undefined,
): Generator<Init<DriverInstanceReport>> {
  const { client } = driver.constructor as unknown as { client: string };
  yield {
    uuid: driver.uuid,
    ...(parent === undefined ? {} : { parentUuid: parent.uuid }),
    labels: {
      ...driver.labels,
      [CLIENT_LABEL]: client,
      ...(parent === undefined ? {} : { [NAME_LABEL]: name }),
    },
    ...(driver.description ? { description: driver.description } : {}),
    methodsDescription: driver.methodsDescription,
  };
  for (const [key, child] of driver.children) yield* reports(child, key, driver);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function within(
  timeout: number,
  work: () => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  signal?.throwIfAborted();
  const { promise: late, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal!.reason);
  const timer = setTimeout(
    () => reject(new TimeoutError(`it takes longer than ${Math.round(timeout / 1000)} s`)),
    timeout,
  );
  signal?.addEventListener("abort", stop);
  try {
    await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}
