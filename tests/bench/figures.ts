/** What a figure should be, as a ratio of ours to the peer's. */
export interface Bound {
  /** `≥` for what should be much, `≤` for what should be little. */
  sign: "≥" | "≤";
  ratio: number;
  /** What stands in the way, where it is not reached. */
  because?: string;
}

const most = (ratio: number, because?: string): Bound => bound("≤", ratio, because);
const least = (ratio: number, because?: string): Bound => bound("≥", ratio, because);

function bound(sign: Bound["sign"], ratio: number, because: string | undefined): Bound {
  return because === undefined ? { sign, ratio } : { sign, ratio, because };
}

const HTTP2 = "node:http2 sends and receives frames of 16 KiB, each through JavaScript";

/** The figures that have a bound. */
export const bounds: Readonly<Record<string, Bound>> = {
  "jmp --help": most(1 / 10),
  "jmp shell … -- true": most(1 / 10, "loading gRPC and the drivers from source"),
  "j power on, in our shell": most(1 / 15, "starting Deno, half of the time"),
  "calls/s, 1 in flight": least(1.5),
  "calls/s, 64 in flight": least(1.5),
  "forward, 64 KiB writes, MB/s": least(1, HTTP2),
  "forward, 1 KiB writes, MB/s": least(2, HTTP2),
  "round trip of 1 byte p50, µs": most(
    0.5,
    "a byte passes two event loops and two HTTP/2 stacks in each direction",
  ),
  "flash, MB/s": least(1.5, HTTP2),
  "peak RSS of the client, MiB": most(0.75, "what V8 lets pile up while it is busy"),
  "peak RSS of the exporter, MiB": most(0.75, "what V8 lets pile up while it is busy"),
  "RSS of an idle exporter, MiB": most(0.75),
};

/** A measured figure, of both sides. */
export interface Figure {
  name: string;
  ours: number;
  theirs: number;
}

/** A line of the table. */
export function formatFigure({ name, ours, theirs }: Figure): string {
  const ratio = ours / theirs;
  const columns = [digits(ours), digits(theirs), ratioText(ratio)];
  const line = name.padEnd(34) + columns.map((text) => text.padStart(10)).join("");
  const bound = bounds[name];
  if (bound === undefined) return line;
  const isReached = bound.sign === "≥" ? ratio >= bound.ratio : ratio <= bound.ratio;
  const wanted = `  ${bound.sign} ${ratioText(bound.ratio)}`;
  return line + wanted + (isReached ? "" : `  not reached: ${bound.because ?? "unknown"}`);
}

function digits(value: number): string {
  return value.toFixed(value < 10 ? 2 : 0);
}

/** Small ratios read better as a fraction. */
function ratioText(ratio: number): string {
  return ratio < 0.4 ? `1/${(1 / ratio).toFixed(1)}` : ratio.toFixed(2);
}
