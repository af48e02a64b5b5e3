import type { ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";
import { type Endpoint, RpcError, type TlsIdentity } from "@jumpstarter/lib/rpc";
import type { Call, ServeCall } from "./call.ts";
import { methodsOf, refuse, route } from "./calls.ts";
import { Connection } from "./connections.ts";
import { End } from "./end.ts";
import type { Counters, RouterFigures } from "./figures.ts";
import { ROUTER_LIMITS, type RouterLimits } from "./limits.ts";
import { Listener } from "./listener.ts";
import type { LogRouter } from "./log.ts";
import { bearerToken, type CheckToken, type TunnelGrant } from "./token.ts";
import { type CutTarget, isTarget, Tunnels } from "./tunnels.ts";
import { WaitingRoom } from "./waiting_room.ts";

/** What a {@linkcode Router} takes. */
export interface RouterOptions {
  /** Verifies the tokens of callers. */
  checkToken: CheckToken;
  /** Bounds that differ from {@linkcode ROUTER_LIMITS}. */
  limits?: Partial<RouterLimits>;
  /** Takes what there is to tell; nothing is told by default. */
  log?: LogRouter;
  /** The time, milliseconds since the Unix epoch. */
  now?: () => number;
}

/**
 * Joins the two callers of `RouterService.Stream` that hold the same token, and carries the bytes of
 * each to the other as they are, no faster than they are taken.
 *
 * ```ts
 * import { Router } from "@jumpstarter/controller/router";
 *
 * await using router = new Router({
 *   checkToken: (id) => ({ id, expires: Date.now() + 60_000 }),
 * });
 * const endpoint = await router.listen({ kind: "tcp", hostname: "127.0.0.1", port: 0 });
 * console.log(endpoint.kind); // "tcp"
 * ```
 */
export class Router implements AsyncDisposable {
  #checkToken: CheckToken;
  #limits: RouterLimits;
  #log: LogRouter;
  #now: () => number;
  #counters: Counters = { joined: 0, refused: 0, unmet: 0, cut: 0, bytes: 0 };
  #methods: ReadonlyMap<string, ServeCall>;
  #waiting: WaitingRoom;
  #tunnels: Tunnels;
  #listeners: Listener[] = [];
  #connections = new Set<Connection>();
  /** What was cut while tokens were being verified, one list a call. */
  #admissions = new Set<CutTarget[]>();
  #round: ReturnType<typeof setInterval> | undefined;
  #isClosing = false;

  constructor({ checkToken, limits = {}, log = () => {}, now = Date.now }: RouterOptions) {
    this.#checkToken = checkToken;
    this.#limits = { ...ROUTER_LIMITS, ...limits };
    this.#log = log;
    this.#now = now;
    this.#methods = methodsOf((call) => this.#serveTunnel(call), this.#limits);
    this.#waiting = new WaitingRoom(this.#limits);
    this.#tunnels = new Tunnels(this.#limits, this.#counters);
  }

  /** What the router does and has done. */
  get figures(): RouterFigures {
    return {
      ...this.#counters,
      connections: this.#listeners.reduce((sum, { size }) => sum + size, 0),
      waiting: this.#waiting.size,
      tunnels: this.#tunnels.size,
    };
  }

  /** The leases that have tunnels now. */
  get leases(): ReadonlySet<string> {
    return this.#tunnels.leases;
  }

  /** Listens on a TCP port or a Unix socket; the endpoint that came of it (port 0: any). */
  async listen(endpoint: Endpoint, options: { tls?: TlsIdentity } = {}): Promise<Endpoint> {
    const take = (session: ServerHttp2Session, socket: Socket) => this.#take(session, socket);
    const listener = await Listener.listen(endpoint, options.tls, this.#limits, take);
    this.#listeners.push(listener);
    this.#round ??= setInterval(() => {
      for (const connection of this.#connections) connection.lookAfter();
    }, this.#limits.pingTime);
    return listener.endpoint;
  }

  /** Shows another certificate from the next connection on, where TLS is spoken. */
  useIdentity(identity: TlsIdentity): void {
    for (const listener of this.#listeners) listener.useIdentity(identity);
  }

  /**
   * Ends the tunnels of a lease, or the one with a stream id, and turns away the ends that wait for
   * theirs: within {@linkcode RouterLimits.cutTime}. How many there were. `reason` is told to both
   * ends. Tokens that come later are up to the check of tokens.
   */
  cut(target: CutTarget, reason = "the lease has ended"): number {
    for (const missed of this.#admissions) missed.push(target);
    return this.#cutAll((grant) => isTarget(target, grant), reason);
  }

  /** Stops listening, lets tunnels go on for so many milliseconds, then cuts what is left. */
  async close(grace: number = 0): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    for (const listener of this.#listeners) listener.stop();
    await this.#tunnels.left(grace);
    this.#cutAll(() => true, "the router shuts down");
    // Who reads has the reason before its connection ends.
    await this.#tunnels.left(this.#limits.cutTime);
    clearInterval(this.#round);
    await Promise.all(this.#listeners.map((listener) => listener[Symbol.asyncDispose]()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #take(session: ServerHttp2Session, socket: Socket): void {
    const connection = new Connection(session, socket, this.#limits);
    this.#connections.add(connection);
    session.on("error", () => session.destroy()); // a peer's fault ends its own connection
    session.on("close", () => this.#connections.delete(connection));
    session.on("stream", (stream, headers, _flags, rawHeaders = []) => {
      stream.on("error", () => {}); // its closing follows, and tells
      void this.#serve({ stream, headers, rawHeaders, peer: connection.peer }, connection);
    });
  }

  async #serve(call: Call, connection: Connection): Promise<void> {
    try {
      await route(call, this.#methods, this.#limits.headerBytes)?.(call);
    } catch (error) {
      this.#counters.refused++;
      refuse(call.stream, error);
      connection.countRefusal();
    }
  }

  async #serveTunnel(call: Call): Promise<void> {
    const { stream, peer } = call;
    if (this.#isClosing) throw new RpcError("UNAVAILABLE", "the router shuts down");
    const grant = await this.#verify(call);
    if (stream.closed || stream.destroyed) return;
    this.#waiting.admit(grant);
    const end = new End(stream, peer);
    const other = this.#waiting.meet(grant, end, this.#now(), () => this.#giveUp(grant, end));
    if (other !== undefined) this.#tunnels.join(grant, other, end);
  }

  async #verify(call: Call): Promise<TunnelGrant> {
    const missed: CutTarget[] = [];
    this.#admissions.add(missed);
    try {
      const grant = await this.#checkToken(bearerToken(call.headers, call.rawHeaders));
      if (grant.expires <= this.#now()) throw new Error("the token is expired");
      if (missed.some((target) => isTarget(target, grant))) {
        throw new Error("the lease has ended in the meantime");
      }
      return grant;
    } catch (error) {
      this.#log("WARNING", "router authentication failed", {
        error: error instanceof Error ? error.message : String(error),
        peer: call.peer,
      });
      // Why a token is not valid is no business of whoever made it up.
      throw error instanceof RpcError
        ? error
        : new RpcError("UNAUTHENTICATED", "invalid jwt token");
    } finally {
      this.#admissions.delete(missed);
    }
  }

  #giveUp({ id }: TunnelGrant, end: End): void {
    this.#counters.unmet++;
    const seconds = this.#limits.pairingTime / 1_000;
    this.#log("INFO", "nobody came to the other end of a tunnel", { stream: id, peer: end.peer });
    end.finish({
      status: "DEADLINE_EXCEEDED",
      details: `nobody came to the other end of the tunnel within ${seconds} s; dial again`,
      patience: this.#limits.cutTime,
    });
  }

  #cutAll(isMeant: (grant: TunnelGrant) => boolean, reason: string): number {
    const ending = { status: "UNAVAILABLE", details: reason } as const;
    const waiting = this.#waiting.take(isMeant);
    for (const { end } of waiting) end.finish({ ...ending, patience: this.#limits.cutTime });
    return waiting.length + this.#tunnels.cut(isMeant, ending);
  }
}
