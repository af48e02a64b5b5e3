/**
 * Between a controller and routers in processes of their own: which leases are over, who is there.
 *
 * @module
 */
export { LoneRouter, type LoneRouterOptions } from "./lone_router.ts";
export { RouterControl, type RouterControlOptions } from "./router_control.ts";
export { formatRouterFile, parseRouterFile, type RouterFile } from "./router_file.ts";
export { CONTROL_SERVICE, type FollowRequest, type LeaseNews } from "./wire.ts";
