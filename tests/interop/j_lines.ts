/** Command lines of `j` for every driver of the bench, and what comes of them. */
import assert from "node:assert/strict";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Line } from "./lines.ts";

/** What comes of a line, as in {@linkcode Line}. */
type Rest = [status: number, output: RegExp, input?: string];

/** A line of which the two programs make different things. */
interface Difference {
  line: string;
  ours: Rest;
  theirs: Rest;
}

/** Standard output or error that says nothing. */
const SILENT = /^$/;
/** Something that differs between the two, and that is not held against a text. */
const SOME = /./;
const READINGS = [
  "voltage=0.0 V  current=0.0 A  apparent_power=0.0 VA",
  "voltage=5.0 V  current=2.0 A  apparent_power=10.0 VA",
];
const times = (count: number) =>
  new RegExp(`^(${READINGS.join("\n")}\n){${count}}$`.replaceAll(".", "\\."));

const alike: readonly Line[] = [
  ["power on", 0, SILENT],
  ["power off", 0, SILENT],
  ["power cycle -w 0", 0, /^Power cycling with 0 seconds wait time\.\.\.\n/],
  ["power read", 0, times(1)],
  ["power read -n 2 -i 0", 0, times(2)],
  ["power --help", 0, /Main rail[^]*cycle[^]*off[^]*on[^]*read/],
  ["rack spare on", 0, SILENT],
  ["rack spare read --count 1", 0, times(1)],
  ["rack spare off", 0, SILENT],
  ["alias on", 0, SILENT],
  ["alias read", 0, times(1)],
  ["twin spare cycle --wait 0", 0, /^Power cycling with 0 seconds/],
  ["twin spare off", 0, SILENT],
  ["tcp address", 0, /^127\.0\.0\.1:\d+\n$/],
  ["tcp address --host", 0, /^127\.0\.0\.1\n$/],
  ["tcp address --port", 0, /^\d+\n$/],
  ["tcp address --host --port", 0, /^127\.0\.0\.1:\d+\n$/],
  ["hidden address", 1, /enable_address/],
  ["udp address", 0, /^127\.0\.0\.1:\d+\n$/],
  ["websocket address", 0, /^127\.0\.0\.1:\d+(\/echo)?\n$/],
  ["echo address", 1, /0\.7\.1/],
  ["unix address", 1, /0\.7\.1/],
  ["loop pipe --no-output", 0, SOME, "through the loop"],
  ["loop pipe --input --no-input", 1, /--input/],
  ["loop pipe --append", 1, /--append/],
  ["flasher flash image", 0, SOME],
  ["flasher dump copy", 0, SOME],
  ["flasher flash -t boot:loader --target root:image", 0, SOME],
  ["flasher dump --target boot boot-copy", 0, SOME],
  ["flasher dump --target root root-copy", 0, SOME],
  ["flasher flash packed.gz -t packed:packed.gz --compression gzip", 0, SOME],
  ["flasher dump --target packed unpacked", 0, SOME],
  ["flasher dump --target packed --compression gzip repacked.gz", 0, SOME],
  ["flasher dump --target never nothing", 1, SOME],
  ["flasher flash", 1, /FILE argument is required unless --target\/-t is used/],
  ["flasher flash -t boot", 1, /Invalid target spec 'boot', expected name:file/],
  ["mux host", 0, SILENT],
  ["mux dut", 0, SILENT],
  ["mux off", 0, SILENT],
  ["muxFlasher flash image", 0, SOME],
  ["muxFlasher dump mux-copy", 0, SOME],
  ["muxFlasher host", 0, SILENT],
  ["muxFlasher dut", 0, SILENT],
  ["muxFlasher off", 0, SILENT],
  ["shell say -e WHO=me a --help", 0, /^say\|a\|--help\|me$/m],
  ["shell say --env WHO=you a", 0, /^say\|a\|\|you$/m],
  ["shell say -e WHO", 1, /KEY=VALUE/],
  ["shell empty", 1, SOME],
];

const noCommand = (name: string): Rest => [1, new RegExp(`No such command '${name}'`)];

/** Its commands for a storage are written, but not registered in this release. */
const storage = (line: string, ...ours: Rest): Difference => ({
  line,
  ours,
  theirs: noCommand(line.split(" ")[1]!),
});

const different: readonly Difference[] = [
  {
    line: "",
    ours: [0, /^├─ power .*on off cycle read/m],
    theirs: [1, /Commands:[^]*power +Main rail/],
  },
  { line: "power rescue", ours: [1, SOME], theirs: noCommand("rescue") },
  { line: "power nope", ours: [1, /no command "nope"/], theirs: noCommand("nope") },
  { line: "nope on", ours: [1, /"j" has no command "nope"/], theirs: noCommand("nope") },
  // The status comes to it as 3.0, which it takes for none.
  { line: "shell fail", ours: [3, SILENT], theirs: [0, SILENT] },
  { line: "shell slow", ours: [199, SOME], theirs: [0, SOME] },
  storage("files write-bytes made", 0, SILENT, "made of input"),
  storage("files read-bytes made", 0, /^made of input$/m),
  storage("files write-from-path stored image", 0, /✓ written/),
  storage("files read-into-path stored read-back", 0, /✓ read/),
  storage("files stat stored", 0, /"content_length": 8[^]*"is_file": true/),
  storage("files hash stored --algo md5", 0, /^[0-9a-f]{32}$/m),
  storage("files copy stored copied", 0, SILENT),
  storage("files rename copied renamed", 0, SILENT),
  storage("files exists copied", 1, SILENT),
  storage("files exists renamed", 0, SILENT),
  storage("files create-dir folder/", 0, SILENT),
  storage("files list /", 0, /^folder\/$/m),
  storage("files scan /", 0, /^renamed$/m),
  storage("files delete renamed", 0, SILENT),
  storage("files remove-all folder/", 0, SILENT),
  storage("files exists folder/", 1, SILENT),
  storage("files capability", 0, /"create_dir": true/),
  storage("files presign-read stored", 1, /presign/),
  storage("files presign-write stored", 1, /presign/),
  storage("files presign-stat stored", 1, /presign/),
  storage("mux write-local-file image", 0, /✓ written/),
  storage("mux read-local-file mux-read", 0, /✓ read/),
];

/** The lines for one of the programs. */
export function linesFor(whose: "ours" | "theirs"): Line[] {
  return [
    ...alike,
    ...different.map((difference): Line => [difference.line, ...difference[whose]]),
  ];
}

const FILES: Readonly<Record<string, string>> = {
  image: "an image",
  loader: "the boot loader",
};
const PACKED = "hardware in the loop\n".repeat(1000);

/** What the lines read. */
export async function writeFiles(dir: string): Promise<void> {
  for (const [name, text] of Object.entries(FILES)) {
    await Deno.writeTextFile(`${dir}/${name}`, text);
  }
  await Deno.writeFile(`${dir}/packed.gz`, gzipSync(PACKED));
}

/** What the lines of both programs have written. A Python exporter loses the end of what it packs. */
export async function assertFiles(dir: string, exporter: "ours" | "theirs"): Promise<void> {
  const copies = {
    "copy": FILES.image,
    "boot-copy": FILES.loader,
    "root-copy": FILES.image,
    "unpacked": PACKED,
    "mux-copy": FILES.image,
  };
  for (const [name, text] of Object.entries(copies)) {
    assert.equal(await Deno.readTextFile(`${dir}/${name}`), text, name);
  }
  const repacked = await Deno.readFile(`${dir}/repacked.gz`);
  if (exporter === "ours") assert.equal(gunzipSync(repacked).toString(), PACKED);
  else assert.deepEqual([...repacked.subarray(0, 2)], [0x1f, 0x8b]);
}
