/**
 * The demo: flashes an image, boots the simulated board and looks at it from all sides.
 *
 * `deno task demo [IMAGE]`; without a path it makes an image of its own.
 */
import {
  FlasherClient,
  NetworkClient,
  PowerClient,
  SerialClient,
} from "@jumpstarter/drivers/clients";
import { local } from "@jumpstarter/exporter";
import { makeImage } from "./image.ts";

const started = performance.now();
const say = (text: string) => {
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${seconds.padStart(5)} s  ${text}`);
};
const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`;

async function ownImage(): Promise<string> {
  const path = await Deno.makeTempFile({ prefix: "jumpstarter-demo-", suffix: ".img" });
  await makeImage(path, { size: 64_000_000, version: "1.0.0" });
  say(`made a sample image: ${path}`);
  return path;
}

/** Walks the board through its day. */
async function demo(given: string | undefined): Promise<void> {
  const image = given ?? await ownImage();
  try {
    await using board = await local(
      new URL("board.yaml", import.meta.url),
      { power: PowerClient, storage: FlasherClient, serial: SerialClient, web: NetworkClient },
    );
    say("started the exporter of examples/board.yaml on this machine");

    const { bytes, sha256 } = await board.storage.flash(image, { verify: true });
    say(`flashed ${megabytes(bytes)} and read it back: sha256 ${sha256}`);

    await using console = await board.serial.expect();
    await board.power.on();
    say("switched the power on");
    await console.until("login:", { within: 20_000 });
    say("the board has booted and asks for a login");

    await console.sendLine("root");
    await console.until("# ");
    await console.sendLine("uname -a");
    const { before } = await console.until("# ");
    say(`logged in over serial; uname -a says: ${before.trim().split(/\r?\n/).at(-2)}`);

    {
      await using forward = await board.web.portForward();
      const url = `http://${forward.hostname}:${forward.port}/`;
      const response = await fetch(url);
      const title = /<title>([^<]*)<\/title>/.exec(await response.text())?.[1];
      say(`fetched ${url} through a port forward: ${response.status}, "${title}"`);
    }

    for await (const { voltage, current } of board.power.read()) {
      say(`the board draws ${current} A at ${voltage} V`);
      break;
    }
    await board.power.off();
    say("switched the power off; done");
  } finally {
    if (given === undefined) await Deno.remove(image);
  }
}

if (import.meta.main) {
  try {
    await demo(Deno.args[0]);
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : error}`);
    Deno.exit(1);
  }
}
