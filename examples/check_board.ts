/**
 * A script for a board in reach: flashes an image, boots it, and checks that it is the one that runs.
 *
 * `jmp shell --exporter-config examples/board.yaml -- deno run -A examples/check_board.ts IMAGE`
 */
import { FlasherClient, PowerClient, SerialClient } from "@jumpstarter/drivers/clients";
import { env } from "@jumpstarter/lib/client";

const [image] = Deno.args;
if (image === undefined) {
  console.error("usage: check_board.ts IMAGE");
  Deno.exit(2);
}

await using board = await env({ power: PowerClient, storage: FlasherClient, serial: SerialClient });

await board.power.off();
const { sha256 } = await board.storage.flash(image, { verify: true });

await using console_ = await board.serial.expect();
await board.power.on();
await console_.until("login:", { within: 60_000 });
await console_.sendLine("root");
await console_.until("~# ");
await console_.sendLine("sha256sum /dev/mmcblk0");
const { match } = await console_.until(/([0-9a-f]{64}) {2}\/dev\/mmcblk0/);
await board.power.off();

const runs = match[1];
console.log(runs === sha256 ? `ok: the board runs ${sha256}` : `failed: the board runs ${runs}`);
if (runs !== sha256) Deno.exitCode = 1;
