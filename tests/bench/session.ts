/** Figures of a session: the same work by our client in our shell, and by theirs in theirs. */
import { makeImage } from "../../examples/image.ts";
import type { Peer } from "../interop/peer.ts";
import { types, writeExporter } from "../support/exporter_file.ts";
import { jmpCommand, repoPath } from "../support/programs.ts";
import type { Figure } from "./figures.ts";

const IMAGE_SIZE = 200_000_000;
/** The length of the word that tells the server what to do, bytes. */
const WORD = 5;
/** Prints how much memory the exporter around it has, once nothing happens any more. */
const IDLE =
  `sleep 2; awk '/VmRSS/ { printf "{\\"name\\": \\"RSS of an idle exporter, MiB\\", \\"value\\": %f}\\n", $2 / 1024 }' /proc/$PPID/status`;

/** Measures a session of ours and one of the peer's, on the same file. */
export async function measureSessions(dir: string, { jmp, python }: Peer): Promise<Figure[]> {
  const server = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = serve(server);
  const file = await writeExporter(dir, {
    power: { type: types.power },
    tcp: { type: types.tcp, config: { host: "127.0.0.1", port: server.addr.port } },
    flasher: { type: types.flasher },
  });
  const image = `${dir}/image`;
  await makeImage(image, { size: IMAGE_SIZE, version: "1" });
  const [load, ...clients] = ["load.py", "client.ts", "client.py"].map((name) =>
    repoPath(`tests/bench/${name}`)
  );
  const config = `--config=${repoPath("deno.json")}`;
  const deno = [Deno.execPath(), "run", "--quiet", "-A", config];
  const shell = ["shell", "--exporter-config", file, "--"];
  const idle = ["sh", "-c", IDLE];
  const ours = [
    ...await figures(jmpCommand(...shell, ...idle)),
    ...await figures(jmpCommand(...shell, ...deno, clients[0]!, image, python, load!)),
  ];
  const theirs = new Map([
    ...await figures([jmp, ...shell, ...idle]),
    ...await figures([jmp, ...shell, python, clients[1]!, image, load!]),
  ]);
  server.close();
  await serving;
  return ours.map(([name, value]) => ({ name, ours: value, theirs: theirs.get(name) ?? NaN }));
}

/** The figures that a session prints; fails when it does. */
async function figures([program, ...args]: readonly string[]): Promise<[string, number][]> {
  const signal = AbortSignal.timeout(180_000);
  const { code, stdout, stderr } = await new Deno.Command(program!, { args, signal }).output();
  const decoder = new TextDecoder();
  if (code !== 0) throw new Error(`${args.join(" ")} exits ${code}: ${decoder.decode(stderr)}`);
  return decoder.decode(stdout).split("\n")
    .filter((line) => line.startsWith('{"name"'))
    .map((line) => JSON.parse(line))
    .map(({ name, value }) => [name, value]);
}

/** A server that throws away what follows `sink`, and sends back what follows `echo`. */
async function serve(listener: Deno.TcpListener): Promise<void> {
  for await (const connection of listener) {
    connection.setNoDelay(true);
    void answer(connection).catch(() => {}); // the client is gone
  }
}

async function answer(connection: Deno.TcpConn): Promise<void> {
  using _closed = connection;
  const buffer = new Uint8Array(262_144);
  const first = await connection.read(buffer) ?? 0;
  const isEcho = new TextDecoder().decode(buffer.subarray(0, WORD)) === "echo\n";
  // The first bytes to send back may have come together with the word.
  if (isEcho && first > WORD) await writeAll(connection, buffer.subarray(WORD, first));
  for (let size = await connection.read(buffer); size !== null;) {
    if (isEcho) await writeAll(connection, buffer.subarray(0, size));
    size = await connection.read(buffer);
  }
}

async function writeAll(connection: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}
