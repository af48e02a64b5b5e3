import { Driver, exported, type Schema } from "@jumpstarter/lib/driver";
import type { ByteStream } from "@jumpstarter/lib/streams";
import * as v from "valibot";

/** Settings of {@linkcode VsockNetwork}. */
export interface VsockNetworkConfig {
  /** The context of the other side: 2 is the host, from 3 on are virtual machines. */
  cid: number;
  /** Its port. */
  port: number;
}

const AF_VSOCK = 40;
/** The highest number stands for "any", which cannot be connected to. */
const number = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff_fffe));

/** A vsock of a virtual machine or its host. Each stream is a connection of its own. Linux only. */
export class VsockNetwork extends Driver<VsockNetworkConfig> {
  static override readonly client: string = "jumpstarter_driver_network.client.NetworkClient";
  static override readonly driverType = "network";
  static override readonly config: Schema<VsockNetworkConfig> = v.strictObject({
    cid: number,
    port: number,
  });

  /** Connects to the socket; fails with `ConnectionError` that names it. */
  @exported.bytes
  async connect(): Promise<ByteStream> {
    // Not by `Deno.connect`: it ends the whole program when that runs without --unstable-vsock.
    const { NativeSocket } = await import("./native_socket.ts");
    const { cid, port } = this.config;
    return await NativeSocket.connect(vsockAddress(cid, port), `vsock ${cid}:${port}`);
  }
}

/** A `sockaddr_vm`. */
function vsockAddress(cid: number, port: number): Uint8Array<ArrayBuffer> {
  const address = new DataView(new ArrayBuffer(16));
  address.setUint16(0, AF_VSOCK, true);
  address.setUint32(4, port, true);
  address.setUint32(8, cid, true);
  return new Uint8Array(address.buffer);
}
