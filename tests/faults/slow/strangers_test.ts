import { within } from "../../support/running.ts";
import { DirectExporter, NOTICED } from "../exporter.ts";
import { serves } from "../stranger_cases.ts";

Deno.test("a TLS port serves on, whatever comes to it", (test) => serves(test, true));

Deno.test("who connects and says nothing is sent away within 15 s", async () => {
  await using exporter = await DirectExporter.serve();
  using connection = await Deno.connect(exporter.endpoint);
  await within(NOTICED, connection.readable.pipeTo(new WritableStream()).catch(() => {}));
  await exporter.assertUsable();
});
