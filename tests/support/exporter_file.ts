import { stringify } from "yaml";

/** Writes an exporter file with the given entries; its path. */
export async function writeExporter(
  dir: string,
  entries: Record<string, unknown>,
  more: Record<string, unknown> = {},
): Promise<string> {
  const path = `${dir}/bench.yaml`;
  const file = {
    apiVersion: "jumpstarter.dev/v1alpha1",
    kind: "ExporterConfig",
    metadata: { namespace: "default", name: "bench" },
    ...more,
    export: entries,
  };
  await Deno.writeTextFile(path, stringify(file));
  return path;
}

/** The names of the drivers that tests use. */
export const types = {
  power: "jumpstarter_driver_power.driver.MockPower",
  tcp: "jumpstarter_driver_network.driver.TcpNetwork",
  echo: "jumpstarter_driver_network.driver.EchoNetwork",
  serial: "jumpstarter_driver_pyserial.driver.PySerial",
  opendal: "jumpstarter_driver_opendal.driver.Opendal",
  flasher: "jumpstarter_driver_opendal.driver.MockFlasher",
  mux: "jumpstarter_driver_opendal.driver.MockStorageMux",
  muxFlasher: "jumpstarter_driver_opendal.driver.MockStorageMuxFlasher",
  shell: "jumpstarter_driver_shell.driver.Shell",
  udp: "jumpstarter_driver_network.driver.UdpNetwork",
  websocket: "jumpstarter_driver_network.driver.WebsocketNetwork",
  board: "jsr:@jumpstarter/drivers/simulated_board#SimulatedBoard",
} as const;
