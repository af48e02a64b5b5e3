import type { DriverClass } from "@jumpstarter/lib/driver";

/** Loads a driver class when a file asks for it. */
type Load = () => Promise<DriverClass>;

const P = "jumpstarter_driver_";

/**
 * Which of our classes a `type` in an exporter file names. The names of the Python drivers stand
 * for our implementations of them, so that files carry over.
 */
const types: Readonly<Record<string, Load>> = {
  [`${P}composite.driver.Composite`]: async () => (await import("./composite/mod.ts")).Composite,
  [`${P}power.driver.MockPower`]: async () => (await import("./power/mod.ts")).MockPower,
  [`${P}power.driver.SyncMockPower`]: async () => (await import("./power/mod.ts")).MockPower,
  [`${P}network.driver.TcpNetwork`]: async () => (await import("./network/mod.ts")).TcpNetwork,
  [`${P}network.driver.UdpNetwork`]: async () => (await import("./network/mod.ts")).UdpNetwork,
  [`${P}network.driver.WebsocketNetwork`]: async () =>
    (await import("./network/mod.ts")).WebsocketNetwork,
  [`${P}network.driver.VsockNetwork`]: async () => (await import("./network/mod.ts")).VsockNetwork,
  [`${P}network.driver.DbusNetwork`]: async () => (await import("./network/mod.ts")).DbusNetwork,
  [`${P}network.driver.UnixNetwork`]: async () => (await import("./network/mod.ts")).UnixNetwork,
  [`${P}network.driver.EchoNetwork`]: async () => (await import("./network/mod.ts")).EchoNetwork,
  [`${P}pyserial.driver.PySerial`]: async () => (await import("./pyserial/mod.ts")).PySerial,
  [`${P}opendal.driver.Opendal`]: async () => (await import("./opendal/mod.ts")).Opendal,
  [`${P}opendal.driver.MockFlasher`]: async () => (await import("./opendal/mod.ts")).MockFlasher,
  [`${P}opendal.driver.MockStorageMux`]: async () =>
    (await import("./opendal/mod.ts")).MockStorageMux,
  [`${P}opendal.driver.MockStorageMuxFlasher`]: async () =>
    (await import("./opendal/mod.ts")).MockStorageMuxFlasher,
  [`${P}shell.driver.Shell`]: async () => (await import("./shell/mod.ts")).Shell,
  ["jsr:@jumpstarter/drivers/simulated_board#SimulatedBoard"]: async () =>
    (await import("./simulated_board/mod.ts")).SimulatedBoard,
};

/** The driver class of a `type`; `undefined` when there is none. */
export async function driverClass(type: string): Promise<DriverClass | undefined> {
  return Object.hasOwn(types, type) ? await types[type]!() : undefined;
}

/** Every `type` there is. */
export function driverTypes(): string[] {
  return Object.keys(types);
}
