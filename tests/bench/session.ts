/** Figures of a session: the same work by our client in our shell, and by theirs in theirs. */
import { makeImage } from "../../examples/image.ts";
import type { Peer } from "../interop/peer.ts";
import { types, writeExporter } from "../support/exporter_file.ts";
import { jmpCommand, repoPath } from "../support/programs.ts";

const IMAGE_SIZE = 200_000_000;
/** The length of the word that tells the server what to do, bytes. */
const WORD = 5;

/** A figure of both sides. */
export interface Figure {
  name: string;
  ours: number;
  theirs: number;
}

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
  const script = (name: string) => repoPath(`tests/bench/${name}`);
  const config = `--config=${repoPath("deno.json")}`;
  const shell = ["shell", "--exporter-config", file, "--"];
  const client = [Deno.execPath(), "run", "--quiet", "-A", config, script("client.ts"), image];
  const ours = await figures(jmpCommand(...shell, ...client));
  const theirs = await figures([
    jmp,
    ...shell,
    python,
    script("client.py"),
    image,
    `${IMAGE_SIZE}`,
  ]);
  server.close();
  await serving;
  return [...ours].map(([name, value]) => ({ name, ours: value, theirs: theirs.get(name) ?? NaN }));
}

async function figures([program, ...args]: readonly string[]): Promise<Map<string, number>> {
  const signal = AbortSignal.timeout(120_000);
  const command = new Deno.Command(program!, { args, stderr: "null", signal });
  const lines = new TextDecoder().decode((await command.output()).stdout).split("\n");
  const found = new Map<string, number>();
  for (const line of lines) {
    if (!line.startsWith('{"name"')) continue;
    const { name, value } = JSON.parse(line);
    found.set(name, value);
  }
  return found;
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
  const buffer = new Uint8Array(65_536);
  const first = await connection.read(buffer) ?? 0;
  const isEcho = new TextDecoder().decode(buffer.subarray(0, WORD)) === "echo\n";
  // The first bytes to send back may have come together with the word.
  if (isEcho && first > WORD) await connection.write(buffer.subarray(WORD, first));
  for (let size = await connection.read(buffer); size !== null;) {
    if (isEcho) await connection.write(buffer.subarray(0, size));
    size = await connection.read(buffer);
  }
}
