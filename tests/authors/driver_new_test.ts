import assert from "node:assert/strict";
import { delimiter, dirname } from "node:path";
import { type Finished, jmp, repoPath, run, tempDir } from "../support/programs.ts";

const env = { PATH: `${dirname(Deno.execPath())}${delimiter}${Deno.env.get("PATH")}` };
/** A kind of driver, a name, and what its board can do. */
const kinds: [string, string, string, RegExp][] = [
  ["power", "usb-relay", "j usb_relay on && j usb_relay read", /^voltage=12\.0 V/],
  ["stream", "UsbConsole", "echo hi | j usb_console pipe", /^ready\nhi\n$/],
  ["plain", "fan", "j fan call set_level 2 && j fan call ramp", /^null\n0\n1\n2\n$/],
];

function succeeded({ status, stdout, stderr }: Finished): void {
  assert.equal(status, 0, `${stdout}\n${stderr}`);
}

async function isTidy(cwd: string): Promise<void> {
  for (const args of [["fmt", "--check"], ["lint"]]) {
    succeeded(await run([Deno.execPath(), ...args], { cwd, env }));
  }
}

for (const [kind, name, line, shown] of kinds) {
  Deno.test(`a new ${kind} driver is formatted, passes its test, and is at work in jmp shell`, async () => {
    await using dir = await tempDir();
    const made = await jmp(["driver", "new", name, "--kind", kind], { cwd: dir.path });
    assert.equal(made.stderr, "");
    assert.match(made.stdout, new RegExp(`^${name} is there\\. Try it:\n  cd ${name}\n`));
    const cwd = `${dir.path}/${name}`;
    await isTidy(cwd);
    // The npm packages are those that the other tests have, too.
    await Deno.copyFile(repoPath("deno.lock"), `${cwd}/deno.lock`);
    succeeded(await run([Deno.execPath(), "task", "test"], { cwd, env }));

    const inShell = ["shell", "--exporter-config", "board.yaml", "--", "sh", "-c", line];
    const task: [string, ...string[]] = [Deno.execPath(), "task", "-q", "jmp", ...inShell];
    // By the folder's own settings, and by those of the clone.
    for (const finished of [await run(task, { cwd, env }), await jmp(inShell, { cwd })]) {
      succeeded(finished);
      assert.match(finished.stdout, shown);
    }
  });
}

Deno.test("a new driver is formatted even with a name that is as long as may be", async () => {
  await using dir = await tempDir();
  for (const [kind] of kinds) {
    await Deno.mkdir(`${dir.path}/${kind}`);
    const longest = "abcdefgh-jklmnop-rstuvwx";
    succeeded(
      await jmp(["driver", "new", longest, "--kind", kind, "--dir", kind], { cwd: dir.path }),
    );
    await isTidy(`${dir.path}/${kind}/${longest}`);
  }
});

/** A command line that makes nothing, and why. */
const refused: [string, string[], RegExp][] = [
  ["a path", ["../fan"], /^error: "\.\.\/fan" is a path; give the folder .* by --dir/],
  ["what is no class name", ["7th"], /^error: "7th" is no name of a class/],
  ["a class that the driver imports", ["driver"], /^error: "driver" would be a class Driver/],
  ["a folder that is there", ["taken"], /^error: .*\/taken is there already; choose another name/],
  ["a folder in none", ["fan", "--dir", "nowhere"], /^error: there is no folder .*\/nowhere; make/],
  ["an unknown kind", ["fan", "--kind", "video"], /^error: "video" is not one of power, stream/],
  ["no name", [], /^error: missing required argument 'name'/],
];

for (const [what, args, sentence] of refused) {
  Deno.test(`jmp driver new refuses ${what} with status 2, and makes nothing`, async () => {
    await using dir = await tempDir();
    await Deno.mkdir(`${dir.path}/taken`);
    const { status, stderr } = await jmp(["driver", "new", ...args], { cwd: dir.path });
    assert.equal(status, 2, stderr);
    assert.match(stderr, sentence);
    assert.deepEqual([...Deno.readDirSync(dir.path)].map(({ name }) => name), ["taken"]);
  });
}

Deno.test("jmp driver new makes its folder in another one by --dir, and the help shows it", async () => {
  await using dir = await tempDir();
  await Deno.mkdir(`${dir.path}/drivers`);
  const { stdout } = await jmp(["driver", "new", "fan", "--dir", "drivers"], { cwd: dir.path });
  assert.match(stdout, /^drivers\/fan is there/);
  assert.deepEqual(
    [...Deno.readDirSync(`${dir.path}/drivers/fan`)].map(({ name }) => name).sort(),
    ["README.md", "board.yaml", "deno.json", "driver.ts", "driver_test.ts"],
  );
  const help = await jmp(["driver", "--help"]);
  assert.match(help.stdout, /^ {2}list .*\n {2}new .*\n {2}version /m);
});
