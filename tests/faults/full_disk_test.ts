import assert from "node:assert/strict";
import { openShell } from "../support/bench.ts";
import { types } from "../support/exporter_file.ts";
import { run } from "../support/programs.ts";
import { hasDisk, smallDisk } from "./small_disk.ts";

const entries = {
  flasher: { type: types.flasher },
  serial: { type: types.serial, config: { url: "loop://" } },
};

Deno.test({
  name: "a full disk fails a dump with a sentence that names the file, and nothing is left of it" +
    (hasDisk ? "" : " (needs to mount a disk)"),
  ignore: !hasDisk,
  async fn(test) {
    await using disk = (await smallDisk())!;
    await using bench = await openShell(entries);
    const { env } = bench;
    const image = "x".repeat(3_000_000);
    await run(bench.warm("flasher", "flash", "-"), { env, input: image });
    const pour = "head -c 3000000 /dev/zero";
    for (const [name, command] of [["warm", bench.warm], ["cold", bench.cold]] as const) {
      const options = { env, cwd: disk.path };
      await test.step(`to a file, ${name}`, async () => {
        const { status, stderr } = await run(command("flasher", "dump", "image.img"), options);
        assert.equal(status, 1);
        assert.match(stderr, /^error: cannot write .*\/image\.img: No space left on device\n$/);
        assert.deepEqual([...Deno.readDirSync(disk.path)], []);
      });
      await test.step(`to standard output, ${name}`, async () => {
        const dump = ["sh", "-c", '"$@" >out', "sh", ...command("flasher", "dump", "-")] as const;
        const { status, stderr } = await run([...dump], options);
        await Deno.remove(`${disk.path}/out`);
        assert.equal(status, 1);
        assert.match(stderr, /^error: No space left on device.*\n$/);
      });
      await test.step(`to the file of a serial log, ${name}`, async () => {
        const log = ["sh", "-c", `${pour} | "$@"`, "sh", ...command("serial", "pipe", "-o", "log")];
        const { status, stderr } = await run(log as [string, ...string[]], options);
        await Deno.remove(`${disk.path}/log`);
        assert.equal(status, 1);
        assert.match(stderr, /\nerror: cannot write .*\/log: No space left on device\n$/);
      });
    }
  },
});

Deno.test({
  name: "a full disk of the exporter fails a flash with a sentence, and leaves the old image" +
    (hasDisk ? "" : " (needs to mount a disk)"),
  ignore: !hasDisk,
  async fn() {
    await using disk = (await smallDisk())!;
    await using bench = await openShell(entries, { TMPDIR: disk.path });
    const { env } = bench;
    await run(bench.warm("flasher", "flash", "-"), { env, input: "the old image" });
    await Deno.writeTextFile(`${bench.dir}/image`, "x".repeat(3_000_000));
    const { status, stderr } = await run(bench.cold("flasher", "flash", `${bench.dir}/image`), {
      env,
    });
    assert.equal(status, 1);
    assert.match(stderr, /^error: flash: No space left on device.*\n$/);
    const [folder] = [...Deno.readDirSync(disk.path)];
    const names = [...Deno.readDirSync(`${disk.path}/${folder!.name}`)].map(({ name }) => name);
    assert.deepEqual(names, ["image-default"]);
    const { stdout } = await run(bench.warm("flasher", "dump", "-"), { env });
    assert.equal(stdout, "the old image");
    await run(bench.warm("flasher", "flash", "-"), { env, input: "the new image" });
    const after = await run(bench.warm("flasher", "dump", "-"), { env });
    assert.equal(after.stdout, "the new image");
  },
});
