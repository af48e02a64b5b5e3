import { Duplex } from "node:stream";
import type { ByteStream } from "../streams/byte_stream.ts";

/**
 * A byte stream as the kind of stream that servers of Node.js take for a connection, such as
 * `RpcServer.inject`. Destroying it disposes the byte stream; its end is answered with ours.
 */
export function asDuplex(stream: ByteStream): Duplex {
  const duplex: Duplex = new Duplex({
    allowHalfOpen: false,
    read() {
      stream.read().then((chunk) => duplex.push(chunk), (error) => duplex.destroy(error));
    },
    write(chunk: Uint8Array, _encoding, done) {
      stream.write(chunk).then(() => done(), done);
    },
    final(done) {
      stream.closeWrite().then(() => done(), done);
    },
    destroy(error, done) {
      stream[Symbol.asyncDispose]().then(() => done(error), done);
    },
  });
  return duplex;
}
