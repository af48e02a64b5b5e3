/** Measures a session from a client of ours; a JSON line a figure. Runs inside a `jmp shell`. */
import { env } from "@jumpstarter/lib/client";
import { FlasherClient, NetworkClient, PowerClient } from "@jumpstarter/drivers/clients";

const [image, python, load] = Deno.args;
const shape = { power: PowerClient, tcp: NetworkClient, flasher: FlasherClient };
await using board = await env(shape);

function report(name: string, value: number): void {
  console.log(JSON.stringify({ name, value }));
}

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
  times.sort((a, b) => a - b);
  report("call p50, ms", times[times.length >> 1]!);
  report("call p99, ms", times[Math.floor(times.length * 0.99)]!);
  const started = performance.now();
  const worker = async () => {
    for (let call = 0; call < 60; call++) await board.power.on();
  };
  await Promise.all(Array.from({ length: 64 }, worker));
  report("calls/s, 64 in flight", 64 * 60 / ((performance.now() - started) / 1000));
}

async function forwards(): Promise<void> {
  await using forward = await board.tcp.portForward();
  const { success } = await new Deno.Command(python!, {
    args: [load!, `${forward.port}`],
    stdout: "inherit",
  }).output();
  if (!success) throw new Error(`${load} failed`);
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

/** The most memory that a process has had, MiB. */
async function peak(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/VmHWM:\s*(\d+)/.exec(status)![1]) / 1024;
}

await calls();
await forwards();
await images();
report("peak RSS of the client, MiB", await peak(Deno.pid));
report("peak RSS of the exporter, MiB", await peak(Deno.ppid));
