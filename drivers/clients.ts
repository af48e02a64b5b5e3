/**
 * The clients of all drivers, for the shapes of test scripts.
 *
 * @module
 */
export { CompositeClient } from "./composite/client.ts";
export { NetworkClient } from "./network/client.ts";
export { DbusNetworkClient } from "./network/dbus_client.ts";
export {
  FlasherClient,
  OpendalClient,
  StorageMuxClient,
  StorageMuxFlasherClient,
} from "./opendal/client.ts";
export { PowerClient } from "./power/client.ts";
export { PySerialClient, PySerialClient as SerialClient } from "./pyserial/client.ts";
export { ShellClient } from "./shell/client.ts";
