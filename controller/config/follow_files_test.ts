import * as assert from "node:assert/strict";
import { tempDir } from "../../tests/support/programs.ts";
import { until } from "../../tests/support/running.ts";
import { FollowedFiles } from "./mod.ts";

Deno.test("files are taken when one of them changes, when asked for, and not when they are wrong", async () => {
  await using dir = await tempDir();
  const paths = [`${dir.path}/a`, `${dir.path}/b`];
  for (const path of paths) await Deno.writeTextFile(path, "0");
  const [taken, refused]: [string[], string[]] = [[], []];
  const later = `${dir.path}/later/c`;
  {
    await using files = new FollowedFiles({
      paths: [...paths, later],
      async take() {
        const texts = await Promise.all(paths.map((path) => Deno.readTextFile(path)));
        if (texts.includes("bad")) throw new Error("it is bad");
        taken.push(texts.join());
      },
      refused: ({ message }) => refused.push(message),
    });
    files.again();
    files.again();
    await until("it is taken", () => taken.length === 1);
    await Deno.writeTextFile(paths[1]!, "1");
    await until("the change is taken", () => taken.includes("0,1"));
    await Deno.writeTextFile(paths[0]!, "bad");
    await until("the change is refused", () => refused.includes("it is bad"));
    await Deno.writeTextFile(paths[0]!, "2");
    await until("the next one is taken", () => taken.includes("2,1"));
    await Deno.mkdir(`${dir.path}/later`);
    await Deno.writeTextFile(later, "0");
    await until("it is taken that there is another one", () => taken.length === 4);
  }
  assert.equal(taken[0], "0,0");
});
