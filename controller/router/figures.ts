/** What a router does and has done, for metrics. */
export interface RouterFigures {
  /** Connections that are open. */
  readonly connections: number;
  /** Ends that wait for their other end. */
  readonly waiting: number;
  /** Tunnels that are open. */
  readonly tunnels: number;
  /** Tunnels that were joined since the start. */
  readonly joined: number;
  /** Calls that were refused since the start. */
  readonly refused: number;
  /** Ends that nobody came to meet, since the start. */
  readonly unmet: number;
  /** Tunnels that were cut since the start. */
  readonly cut: number;
  /** Bytes carried since the start, both directions, with the framing of gRPC. */
  readonly bytes: number;
}

/** The figures that only grow. */
export type Counters = {
  -readonly [Name in "joined" | "refused" | "unmet" | "cut" | "bytes"]: RouterFigures[Name];
};
