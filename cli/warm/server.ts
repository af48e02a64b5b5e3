import { AllowList } from "@jumpstarter/lib/client";
import type { ClientNode } from "@jumpstarter/lib/driver";
import { UsageError } from "@jumpstarter/lib/errors";
import { withinTime } from "@jumpstarter/lib/streams";
import { runLine } from "../j/run_line.ts";
import { NeedsTerminal } from "../j/run.ts";
import { type Call, type Frame, FrameSocket, type InputFailure, Kind, MAX_CALL } from "./frame.ts";
import { remoteIo, type Window } from "./remote_io.ts";

/** A launcher asks at once; who connects and says nothing for so long is none, milliseconds. */
const CALL_TIME = 5_000;
/** Milliseconds that commands whose launchers are gone have to end. */
const GRACE = 600;

/** Carries out the command lines that launchers hand over. */
export class WarmServer implements AsyncDisposable {
  #listener: Deno.UnixListener;
  #tree: ClientNode;
  #callTime: number;
  #connections = new Set<Deno.Conn>();
  #serving = new Set<Promise<void>>();
  #accepting: Promise<void>;

  /** Listens on a socket in the session's folder. */
  constructor(path: string, tree: ClientNode, { callTime = CALL_TIME } = {}) {
    this.#listener = Deno.listen({ transport: "unix", path });
    Deno.chmodSync(path, 0o600);
    this.#tree = tree;
    this.#callTime = callTime;
    this.#accepting = this.#accept();
  }

  async #accept(): Promise<void> {
    try {
      for await (const connection of this.#listener) {
        this.#connections.add(connection);
        const serving = this.#serve(connection).finally(() => {
          this.#connections.delete(connection);
          this.#serving.delete(serving);
          close(connection);
        });
        this.#serving.add(serving);
      }
    } catch {
      // As with too many open files. Launchers that nobody listens to run their lines themselves.
      close(this.#listener);
    }
  }

  async #serve(connection: Deno.Conn): Promise<void> {
    const socket = new FrameSocket(connection);
    try {
      const call = await this.#receiveCall(socket, connection);
      if (call !== undefined) await this.#run(socket, call);
    } catch {
      // The launcher is gone, and with it whoever could be told.
    }
  }

  async #receiveCall(socket: FrameSocket, connection: Deno.Conn): Promise<Call | undefined> {
    const timer = setTimeout(() => close(connection), this.#callTime);
    try {
      const first = await socket.read(MAX_CALL);
      if (first?.kind !== Kind.CALL) return undefined;
      return JSON.parse(new TextDecoder().decode(first.payload)) as Call;
    } finally {
      clearTimeout(timer);
    }
  }

  async #run(socket: FrameSocket, call: Call): Promise<void> {
    const controller = new AbortController();
    const inputs = new InputQueue();
    const window: Window = { columns: call.columns };
    void receive(socket, controller, inputs, window);
    const read = () => inputs.next(socket);
    const io = remoteIo(socket, call, { signal: controller.signal, read, window });
    try {
      const allowed = AllowList.parse(call.allowed);
      const status = await runLine(this.#tree, call.args, { io, allowed, isForeign: true });
      await socket.write(Kind.EXIT, new Uint8Array([status & 0xff]));
    } catch (error) {
      // A list that cannot be read: the launcher says so as every program does.
      if (!(error instanceof NeedsTerminal || error instanceof UsageError)) throw error;
      await socket.write(Kind.RUN_YOURSELF);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    close(this.#listener);
    for (const connection of this.#connections) close(connection);
    await this.#accepting;
    await withinTime(Promise.all(this.#serving), GRACE);
  }
}

/** Takes what the launcher sends until it is gone, which ends the command like a signal. */
async function receive(
  socket: FrameSocket,
  controller: AbortController,
  inputs: InputQueue,
  window: Window,
): Promise<void> {
  try {
    for (let frame = await socket.read(); frame !== null; frame = await socket.read()) {
      if (frame.kind === Kind.SIGNAL) controller.abort();
      else if (frame.kind === Kind.INPUT || frame.kind === Kind.INPUT_FAILED) inputs.take(frame);
      else if (frame.kind === Kind.RESIZE) {
        window.columns = Number(new TextDecoder().decode(frame.payload));
      }
    }
  } catch {
    // As good as an end.
  }
  controller.abort();
  inputs.take(null);
}

/** Standard input by request: nothing is read from the user that no command asked for. */
class InputQueue {
  #waiting: ((frame: Frame | null) => void) | undefined;
  #isEnded = false;

  take(frame: Frame | null): void {
    this.#isEnded ||= frame === null;
    this.#waiting?.(frame);
    this.#waiting = undefined;
  }

  async next(socket: FrameSocket): Promise<Uint8Array | null> {
    if (this.#isEnded) return null;
    const frame = new Promise<Frame | null>((resolve) => this.#waiting = resolve);
    await socket.write(Kind.WANT_INPUT);
    const { kind, payload } = await frame ?? { kind: Kind.INPUT, payload: new Uint8Array(0) };
    if (kind === Kind.INPUT_FAILED) throw failure(payload);
    return payload.length === 0 ? null : payload;
  }
}

/** The error that the launcher has met, as if it were met here. */
function failure(payload: Uint8Array): Error {
  const { name, message } = JSON.parse(new TextDecoder().decode(payload)) as InputFailure;
  const known = Deno.errors as unknown as Record<string, new (message: string) => Error>;
  return new (known[name] ?? Error)(message);
}

function close(socket: Deno.Conn | Deno.UnixListener): void {
  try {
    socket.close();
  } catch {
    // It is closed already.
  }
}
