import { Driver, type DriverContext, exported, type Schema } from "@jumpstarter/lib/driver";
import { JumpstarterError } from "@jumpstarter/lib/errors";
import type { ByteStream } from "@jumpstarter/lib/streams";
import * as v from "valibot";
import { connectTcp, connectUnix } from "./connect.ts";
import { type BusPlace, parseBusAddress } from "./dbus_address.ts";
import { BUS_KIND_LABEL } from "./dbus_client.ts";

/** Settings of {@linkcode DbusNetwork}. */
export interface DbusNetworkConfig {
  /** Which of the buses of the exporter's machine. */
  kind: "system" | "session";
}

/**
 * A D-Bus of the exporter's machine: the one in `DBUS_SYSTEM_BUS_ADDRESS` or
 * `DBUS_SESSION_BUS_ADDRESS` of the exporter's environment, or else where it usually is. Each stream
 * is a connection of its own. An address that cannot be used fails the start of the exporter.
 */
export class DbusNetwork extends Driver<DbusNetworkConfig> {
  static override readonly client: string = "jumpstarter_driver_network.client.DbusNetworkClient";
  static override readonly driverType = "network";
  static override readonly config: Schema<DbusNetworkConfig> = v.strictObject({
    kind: v.picklist(["system", "session"]),
  });
  #place: BusPlace;

  constructor(context: DriverContext<DbusNetworkConfig>) {
    super(context);
    this.#place = placeOf(this.config.kind);
  }

  /** Those of the file, and which bus it is. */
  override get labels(): Readonly<Record<string, string>> {
    return { ...super.labels, [BUS_KIND_LABEL]: this.config.kind };
  }

  /** Connects to the bus; fails with `ConnectionError` that names its place. */
  @exported.bytes
  async connect(): Promise<ByteStream> {
    return "path" in this.#place
      ? await connectUnix(this.#place.path)
      : await connectTcp(this.#place.hostname, this.#place.port);
  }
}

function placeOf(kind: DbusNetworkConfig["kind"]): BusPlace {
  const variable = `DBUS_${kind.toUpperCase()}_BUS_ADDRESS`;
  const address = Deno.env.get(variable);
  if (address) return parseBusAddress(address, variable);
  return { path: kind === "system" ? "/run/dbus/system_bus_socket" : sessionSocket() };
}

/** `/run/user/<uid>/bus`, by the user's number or by what the login has set. */
function sessionSocket(): string {
  try {
    return `/run/user/${Deno.uid()}/bus`;
  } catch (cause) {
    const runtime = Deno.env.get("XDG_RUNTIME_DIR");
    if (runtime) return `${runtime}/bus`;
    throw new JumpstarterError(
      "config",
      "cannot find the session bus; set DBUS_SESSION_BUS_ADDRESS in the exporter's environment, " +
        "or run it with --allow-sys=uid",
      { cause },
    );
  }
}
