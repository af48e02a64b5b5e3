import assert from "node:assert/strict";
import { delimiter, dirname } from "node:path";
import { expectedOutput, readPage } from "../support/doc_page.ts";
import { repoPath, run, tempDir } from "../support/programs.ts";

const env = { PATH: `${dirname(Deno.execPath())}${delimiter}${Deno.env.get("PATH")}` };

for (const page of ["first_driver.md", "board_test.md"]) {
  Deno.test(`docs/${page}: its files work, and its commands print what it says`, async () => {
    const { files, commands } = readPage(await Deno.readTextFile(repoPath(`docs/${page}`)));
    assert.ok(files.length >= 3 && commands.length >= 3, "the page shows files and commands");
    await using dir = await tempDir();
    // The npm packages are those that the other tests have, too.
    await Deno.copyFile(repoPath("deno.lock"), `${dir.path}/deno.lock`);
    for (const { name, text } of files) {
      const content = name === "deno.json" ? linked(text) : text;
      await Deno.writeTextFile(`${dir.path}/${name}`, content);
    }
    for (const shown of commands) {
      const finished = await run(["sh", "-c", shown.command], { cwd: dir.path, env });
      const all = `${finished.stdout}\n${finished.stderr}`;
      if (shown.output.length === 0) assert.equal(finished.stdout, "", shown.command);
      assert.match(all, expectedOutput(shown), `${shown.command}: ${all}`);
      const fails = shown.output.some((line) => line.startsWith("error:"));
      assert.equal(finished.status !== 0, fails, `${shown.command}: ${all}`);
    }
  });
}

/** The settings of a page, with this repository in place of the packages on JSR. */
function linked(text: string): string {
  return JSON.stringify({ ...JSON.parse(text), links: [repoPath(".")] });
}
