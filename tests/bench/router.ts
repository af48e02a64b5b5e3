/**
 * Measures the router in a process of its own, with TLS: `deno run -A tests/bench/router.ts`. Both ends
 * run on the same machine, so that throughput is what all three reach together; CPU is the router's.
 */
import { Channel, RpcServer } from "@jumpstarter/lib/rpc";
import { type ByteStream, FrameStream } from "@jumpstarter/lib/streams";
import { openTunnel } from "@jumpstarter/lib/tunnel";
import { RouterService } from "@jumpstarter/proto";
import { peer } from "../interop/peer.ts";
import { type CertificateFiles, selfSigned } from "../support/certificate.ts";
import { repoPath, run, tempDir } from "../support/programs.ts";
import { startRouter } from "../support/router.ts";
import { residentMemory, type Running, start } from "../support/running.ts";

const CLOCK_TICKS = 100;
const FRAMES = [{ frame: 65_536, size: 1e9 }, { frame: 1_024, size: 1e8 }];
const ROUND_TRIPS = 2_000;
const IDLE_TUNNELS = 1_000;
/** Milliseconds for which idle tunnels are watched. */
const IDLE_TIME = 10_000;

type Tls = { ca: string };

/** Serves until standard input ends. */
async function serve(certFile: string, keyFile: string): Promise<void> {
  const tls = {
    cert: await Deno.readTextFile(certFile),
    key: await Deno.readTextFile(keyFile),
  };
  await using server = await startRouter({ tls });
  console.log(`PORT=${server.endpoint.port}`);
  for await (const _ of Deno.stdin.readable);
}

/** Seconds of CPU that a process has used. */
async function cpuOf({ pid }: Running): Promise<number> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  const [user, system] = stat.slice(stat.lastIndexOf(")") + 2).split(" ").slice(11, 13);
  return (Number(user) + Number(system)) / CLOCK_TICKS;
}

function tell(what: string, value: number, unit: string): void {
  console.log(`${what.padEnd(44)}${value.toFixed(value < 10 ? 2 : 0).padStart(8)} ${unit}`);
}

/** MB/s from one of our ends to the other, each in a process of its own. */
async function ours(id: string, port: number, ca: string, size: number, frame: number) {
  const end = (role: string) =>
    run([
      ...[Deno.execPath(), "run", "-qA", `--config=${repoPath("deno.json")}`] as const,
      ...[import.meta.filename!, role, id, `${port}`, ca, `${size}`, `${frame}`],
    ], { timeout: 300_000 });
  const [{ stdout }] = await Promise.all([end("receive"), end("send")]);
  return Number(stdout);
}

async function pythons(id: string, port: number, ca: string, size: number, frame: number) {
  const { python } = await peer();
  const script = repoPath("tests/bench/router_ends.py");
  const { stdout, stderr } = await run(
    [python, script, `localhost:${port}`, id, ca, `${size}`, `${frame}`],
    { timeout: 300_000 },
  );
  if (stdout === "") throw new Error(stderr);
  return Number(stdout);
}

/** Sends, or receives and prints MB/s, from the first byte on. */
async function transfer(tunnel: ByteStream, role: string, size: number, frame: number) {
  if (role === "send") {
    const chunk = new Uint8Array(frame);
    for (let sent = 0; sent < size; sent += frame) await tunnel.write(chunk);
    await tunnel.closeWrite();
    await tunnel.read();
  } else {
    let received = (await tunnel.read())?.length ?? 0;
    const began = performance.now();
    for (let chunk = await tunnel.read(); chunk !== null; chunk = await tunnel.read()) {
      received += chunk.length;
    }
    console.log(received / (performance.now() - began) / 1_000);
    await tunnel.closeWrite();
  }
  await tunnel[Symbol.asyncDispose]();
}

/** Median of round trips of one byte, microseconds. */
async function roundTrip(near: ByteStream): Promise<number> {
  const byte = new Uint8Array(1);
  const times: number[] = [];
  for (let round = 0; round < ROUND_TRIPS; round++) {
    const began = performance.now();
    await near.write(byte);
    await near.read();
    times.push(performance.now() - began);
  }
  return 1_000 * times.sort((a, b) => a - b)[ROUND_TRIPS >> 1]!;
}

async function echo(stream: ByteStream): Promise<void> {
  for (let chunk = await stream.read(); chunk !== null; chunk = await stream.read()) {
    await stream.write(chunk);
  }
  await stream.closeWrite();
}

async function measureRoundTrips(port: number, tls: Tls, files: CertificateFiles): Promise<void> {
  const ticket = { routerEndpoint: `localhost:${port}`, routerToken: "l/rtt" };
  const [near, far] = [openTunnel(ticket, { tls }), openTunnel(ticket, { tls })];
  const echoing = echo(far);
  const routed = await roundTrip(near);
  await near.closeWrite();
  await near.read();
  await echoing;
  for (const end of [near, far]) await end[Symbol.asyncDispose]();

  await using server = new RpcServer();
  server.add(RouterService, {
    stream: (messages) => echo(new FrameStream(messages, { endsCall: false, close() {} })),
  });
  const endpoint = await server.listen({ kind: "tcp", hostname: "localhost", port: 0 }, {
    tls: { cert: tls.ca, key: await Deno.readTextFile(files.key) },
  });
  using channel = new Channel(endpoint, { tls });
  const call = channel.duplex(RouterService.stream);
  const direct = await roundTrip(
    new FrameStream(call.messages, { endsCall: true, close: call.cancel }),
  );
  call.cancel();
  tell("round trip of 1 byte, p50, direct", direct, "µs");
  tell("round trip of 1 byte, p50, through the router", routed, "µs");
}

async function measureIdle(router: Running, port: number, tls: Tls): Promise<void> {
  const before = await residentMemory(router.pid);
  const ends: ByteStream[] = [];
  for (let number = 0; number < IDLE_TUNNELS; number++) {
    const ticket = { routerEndpoint: `localhost:${port}`, routerToken: `l/idle-${number}` };
    const [near, far] = [openTunnel(ticket, { tls }), openTunnel(ticket, { tls })];
    await near.write(new Uint8Array(1));
    await far.read();
    ends.push(near, far);
  }
  const memory = await residentMemory(router.pid) - before;
  tell(`memory of ${IDLE_TUNNELS} idle tunnels`, memory / 1_048_576, "MiB");
  const cpu = await cpuOf(router);
  await new Promise((resolve) => setTimeout(resolve, IDLE_TIME));
  const used = (await cpuOf(router) - cpu) / IDLE_TIME * 1_000;
  tell(`CPU of ${IDLE_TUNNELS} idle tunnels`, 100 * used, "% of a core");
  await Promise.all(ends.map((end) => end[Symbol.asyncDispose]()));
}

async function measure(): Promise<void> {
  await using dir = await tempDir();
  const files = await selfSigned(dir.path);
  const tls = { ca: await Deno.readTextFile(files.cert) };
  await using router = start([
    ...[Deno.execPath(), "run", "-qA", `--config=${repoPath("deno.json")}`] as const,
    ...[import.meta.filename!, "serve", files.cert, files.key],
  ], { hasInput: true });
  const [, digits] = await router.shown(/PORT=(\d+)/);
  const port = Number(digits);
  tell("memory at start", await residentMemory(router.pid) / 1_048_576, "MiB");
  await measureRoundTrips(port, tls, files);
  for (const { frame, size } of FRAMES) {
    for (const [name, transfer] of Object.entries({ ours, pythons })) {
      const cpu = await cpuOf(router);
      const speed = await transfer(`l/${name}-${frame}`, port, files.cert, size, frame);
      const used = await cpuOf(router) - cpu;
      const what = `frames of ${frame} bytes, ${name === "ours" ? "our" : "Python"} ends`;
      tell(what, speed, "MB/s");
      tell(`${what}, CPU`, used / size * 1e9, "s/GB");
    }
  }
  await measureIdle(router, port, tls);
}

const [role = "", id = "", ...rest] = Deno.args;
if (role === "serve") await serve(id, rest[0]!);
else if (role === "send" || role === "receive") {
  const [port, caFile, size, frame] = rest;
  const ca = await Deno.readTextFile(caFile!);
  const ticket = { routerEndpoint: `localhost:${port}`, routerToken: id };
  await transfer(openTunnel(ticket, { tls: { ca } }), role, Number(size), Number(frame));
} else await measure();
