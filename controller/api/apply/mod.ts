/**
 * Server-side apply.
 *
 * @module
 */
export { serverSideApply } from "./server_side_apply.ts";
