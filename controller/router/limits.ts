/** What a router bounds; times in milliseconds. */
export interface RouterLimits {
  /** Connections at once; more are closed as soon as they are made. */
  connections: number;
  /** Ends that wait for their other end at once; more are refused. */
  waiting: number;
  /** Streams on one connection at once. */
  streamsPerConnection: number;
  /** Refused calls after which a connection is closed. */
  refusalsPerConnection: number;
  /** Bytes of headers that a call may have. */
  headerBytes: number;
  /** How long an end waits for its other end. */
  pairingTime: number;
  /** How long a TLS handshake may take. */
  handshakeTime: number;
  /** How long a call may take that asks for health or for services. */
  questionTime: number;
  /** How long a connection may stay without a call. */
  idleTime: number;
  /** How often silent peers are looked after: one is gone after three silent rounds. */
  pingTime: number;
  /** How long a slow reader may take for what is left of a tunnel that has ended. */
  drainTime: number;
  /** How long the ends of a tunnel that is cut have to take their last bytes. */
  cutTime: number;
}

/** What a router bounds by default. */
export const ROUTER_LIMITS: Readonly<RouterLimits> = {
  connections: 10_000,
  waiting: 2_000,
  streamsPerConnection: 100,
  refusalsPerConnection: 100,
  headerBytes: 16_384,
  pairingTime: 60_000,
  handshakeTime: 10_000,
  questionTime: 5_000,
  idleTime: 300_000,
  pingTime: 5_000,
  drainTime: 60_000,
  cutTime: 500,
};
