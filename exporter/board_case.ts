import { type Board, env, type Shape } from "@jumpstarter/lib/client";
import { UsageError } from "@jumpstarter/lib/errors";
import { Evidence } from "./evidence.ts";
import { local } from "./local.ts";

/** What a test needs of a board. */
export interface BoardTestOptions<S extends Shape> {
  /** The clients that the test uses, by the name of the driver. */
  shape: S;
  /** The exporter file that is started outside a `jmp shell`; a path is seen from the current folder. */
  exporterConfig?: string | URL;
}

/**
 * Registers a test on a board: that of the `jmp shell` it runs in (`JUMPSTARTER_HOST`), or else one
 * of its own, from the exporter file given. What was opened is closed when the test ends.
 *
 * The message of a failing test also shows the end of the exporter's log, and of each console that
 * was opened by `expect()` of a client of the board.
 *
 * ```ts ignore
 * import { boardTest } from "@jumpstarter/exporter/testing";
 * import { PowerClient, SerialClient } from "@jumpstarter/drivers/clients";
 *
 * const shape = { power: PowerClient, serial: SerialClient };
 *
 * boardTest("the board boots", { shape, exporterConfig: "board.yaml" }, async (board) => {
 *   await using console = await board.serial.expect();
 *   await board.power.on();
 *   await console.until("login:", { within: 60_000 });
 * });
 * ```
 */
export function boardTest<S extends Shape>(
  name: string,
  options: BoardTestOptions<S>,
  fn: (board: Board<S>, context: Deno.TestContext) => Promise<void> | void,
): void {
  Deno.test(name, async (context) => {
    await onBoard(options, async (board) => await fn(board, context));
  });
}

/** Runs a function on a board; an error from it carries what the board has left behind. */
export async function onBoard<S extends Shape>(
  options: BoardTestOptions<S>,
  fn: (board: Board<S>) => Promise<void>,
): Promise<void> {
  const evidence = new Evidence();
  const isShared = Boolean(Deno.env.get("JUMPSTARTER_HOST"));
  try {
    await using board = await open(options, isShared, evidence);
    await using _log = isShared ? evidence.follow(board) : undefined;
    evidence.watch(board, options.shape);
    try {
      await fn(board);
    } catch (error) {
      if (isShared) await evidence.settle(board);
      throw error;
    }
  } catch (error) {
    throw evidence.addTo(error);
  }
}

function open<S extends Shape>(
  { shape, exporterConfig }: BoardTestOptions<S>,
  isShared: boolean,
  { sink }: Evidence,
): Promise<Board<S>> {
  if (isShared) return env(shape);
  if (exporterConfig !== undefined) return local(exporterConfig, shape, { log: sink });
  throw new UsageError(
    'no board: run the test inside "jmp shell", or name an exporter file as exporterConfig',
  );
}
