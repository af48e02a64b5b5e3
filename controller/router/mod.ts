/**
 * The router: joins the two callers that hold the same token, and carries what they send to each
 * other without a look at it.
 *
 * @module
 */
export { ROUTER_LIMITS, type RouterLimits } from "./limits.ts";
export { Router, type RouterOptions } from "./router.ts";
export type { RouterFigures } from "./figures.ts";
export type { LogRouter, RouterLogFields } from "./log.ts";
export type { CheckToken, TunnelGrant } from "./token.ts";
export type { CutTarget } from "./tunnels.ts";
