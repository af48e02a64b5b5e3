/** HTTP/2 flow-control window of streams and connections, bytes: large enough for a fast link. */
export const WINDOW_SIZE: number = 4 * 1024 * 1024;

/** How long open calls may take to end when a server closes, milliseconds. */
export const CLOSE_GRACE = 1_000;
