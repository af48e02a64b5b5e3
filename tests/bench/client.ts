/** Measures a session from a client of ours; a JSON line a figure. Runs inside a `jmp shell`. */
import { env } from "@jumpstarter/lib/client";
import { FlasherClient, NetworkClient, PowerClient } from "@jumpstarter/drivers/clients";

const [image] = Deno.args;
const shape = { power: PowerClient, tcp: NetworkClient, flasher: FlasherClient };
await using board = await env(shape);

function report(name: string, value: number): void {
  console.log(JSON.stringify({ name, value }));
}

const sorted = (times: number[]) => times.sort((a, b) => a - b);
const quantile = (times: number[], part: number) => times[Math.floor(times.length * part)]!;

async function calls(): Promise<void> {
  for (let warm = 0; warm < 200; warm++) await board.power.on();
  const times: number[] = [];
  for (let call = 0; call < 2_000; call++) {
    const started = performance.now();
    await board.power.on();
    times.push(performance.now() - started);
  }
  const total = times.reduce((sum, time) => sum + time, 0);
  report("calls/s, 1 in flight", times.length / (total / 1000));
  sorted(times);
  report("call p50, ms", quantile(times, 0.5));
  report("call p99, ms", quantile(times, 0.99));
  const started = performance.now();
  const worker = async () => {
    for (let call = 0; call < 60; call++) await board.power.on();
  };
  await Promise.all(Array.from({ length: 64 }, worker));
  report("calls/s, 64 in flight", 64 * 60 / ((performance.now() - started) / 1000));
}

/** Sends through the forward to a server that throws it away; MB/s. */
async function pour(port: number, size: number, total: number): Promise<number> {
  using connection = await Deno.connect({ port });
  const piece = new Uint8Array(size);
  await connection.write(new TextEncoder().encode("sink\n"));
  const started = performance.now();
  for (let sent = 0; sent < total;) sent += await connection.write(piece);
  await connection.closeWrite();
  while (await connection.read(new Uint8Array(64)) !== null);
  return total / 1_000 / (performance.now() - started);
}

async function roundTrips(port: number): Promise<number[]> {
  using connection = await Deno.connect({ port });
  connection.setNoDelay(true);
  await connection.write(new TextEncoder().encode("echo\n"));
  const byte = new Uint8Array(1);
  const times: number[] = [];
  for (let trip = 0; trip < 2_000; trip++) {
    const started = performance.now();
    await connection.write(byte);
    await connection.read(byte);
    if (trip >= 200) times.push(performance.now() - started);
  }
  return sorted(times);
}

async function forwards(): Promise<void> {
  await using forward = await board.tcp.portForward();
  await pour(forward.port, 65_536, 20_000_000);
  report("forward 64 KiB writes, MB/s", await pour(forward.port, 65_536, 300_000_000));
  report("forward 1 KiB writes, MB/s", await pour(forward.port, 1_024, 60_000_000));
  const times = await roundTrips(forward.port);
  report("round trip of 1 byte p50, µs", quantile(times, 0.5) * 1000);
  report("round trip of 1 byte p99, µs", quantile(times, 0.99) * 1000);
}

async function images(): Promise<void> {
  const rate = async (work: () => Promise<{ bytes: number }>) => {
    const started = performance.now();
    const { bytes } = await work();
    return bytes / 1_000 / (performance.now() - started);
  };
  await board.flasher.flash(image!);
  report("flash, MB/s", await rate(() => board.flasher.flash(image!)));
  report("dump, MB/s", await rate(() => board.flasher.dump(`${image}.copy`)));
}

await calls();
await forwards();
await images();
report("RSS of the client, MiB", Deno.memoryUsage().rss / 1_048_576);
