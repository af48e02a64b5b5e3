/**
 * The gRPC services of a controller, and a controller as a whole.
 *
 * @module
 */
export { ExpiryWatch } from "./expiry_watch.ts";
export { type Identity, loadIdentity } from "./identity.ts";
export type { LabSettings } from "./lab.ts";
export type { RouterAddress } from "./router_choice.ts";
export { logWriter, type LogWriterOptions } from "./log_writer.ts";
export type { ControllerOptions, ListenAddress, RunningController } from "./running_controller.ts";
export { serveController } from "./serve.ts";
export {
  type CertificateFiles,
  checkCertificate,
  filesOf,
  readGivenIdentity,
} from "./given_identity.ts";
