/** HTTP/2 flow-control window of streams and connections, bytes: large enough for a fast link. */
export const WINDOW_SIZE: number = 4 * 1024 * 1024;

/** How long open calls may take to end when a server closes, milliseconds. */
export const CLOSE_GRACE = 1_000;

/** How a server notices clients that vanish: within 12 s, so that it is told within 15 s. */
export const SILENCE = { round: 4_000, ping: 1, gone: 2 } as const;

/** Milliseconds between a client's pings; peers take pings more often than every 10 s for abuse. */
export const CLIENT_PING_INTERVAL = 20_000;
/** Milliseconds that a server has to answer a ping. */
export const CLIENT_PING_TIMEOUT = 10_000;

/** Milliseconds that a TLS handshake may take. */
export const HANDSHAKE_TIMEOUT = 10_000;
/** Connections that a listener takes at a time; more are turned away. */
export const MAX_CONNECTIONS = 20_000;
