/**
 * All executables are built and moved away from their sources. There they must show the help of
 * every command, and load every driver: all that is imported lazily must have been embedded.
 */
import assert from "node:assert/strict";
import { openSqliteStore } from "@jumpstarter/controller/store";
import { driverTypes } from "@jumpstarter/drivers";
import { type Finished, repoPath, run, tempDir } from "../support/programs.ts";
import { prepareToolchain } from "./toolchain.ts";

/** Time to compile all programs, milliseconds. */
const BUILD_TIMEOUT = 300_000;

/** Builds into `directory`, then renames what was built, so that no path of the build holds. */
async function build(directory: string): Promise<string> {
  const { deno, denort } = await prepareToolchain();
  const built = `${directory}/built`;
  const compile = ["run", "-A", repoPath("tools/compile.ts"), `--deno=${deno}`, `--out=${built}`];
  const { status, stderr } = await run([Deno.execPath(), ...compile], {
    env: { DENORT_BIN: denort },
    timeout: BUILD_TIMEOUT,
  });
  assert.equal(status, 0, stderr);
  const moved = `${directory}/elsewhere`;
  await Deno.rename(built, moved);
  return moved;
}

/** Names of the commands that a help text lists under its heading. */
function commandsIn(help: string): string[] {
  const [, list = ""] = /^commands:\n((?: .*\n|\n(?= ))*)/im.exec(help) ?? [];
  return [...list.matchAll(/^ {2}([a-z][\w-]*)/gm)]
    .map(([, name = ""]) => name)
    .filter((name) => name !== "help");
}

/** `jmp j` asks the board for its commands, so its help needs one. */
const NEEDS_A_SHELL = "jmp j";

Deno.test({
  name: "compiled programs show every help text and load every driver, far from their sources",
  ignore: Deno.build.target !== "x86_64-unknown-linux-gnu",
  async fn(t) {
    await using home = await tempDir();
    const directory = await build(home.path);
    const start = (program: string, args: readonly string[]): Promise<Finished> =>
      run([`${directory}/${program}`, ...args], { cwd: home.path, env: { HOME: home.path } });

    const shown: string[] = [];
    const showHelp = async (program: string, command: readonly string[]): Promise<void> => {
      const line = [program, ...command].join(" ");
      let commands: string[] = [];
      await t.step(`${line} --help`, async () => {
        const { status, stdout, stderr } = await start(program, [...command, "--help"]);
        if (line === NEEDS_A_SHELL) return assert.match(stderr, /inside a jmp shell/);
        assert.equal(status, 0, stderr);
        assert.match(stdout, new RegExp(`^usage: ${line}\\b`, "im"));
        commands = commandsIn(stdout);
      });
      shown.push(line);
      for (const name of commands) await showHelp(program, [...command, name]);
    };
    await showHelp("jmp", []);
    await showHelp("jmp-exporter", []);
    await showHelp("jmp-controller", []);
    for (const line of ["jmp shell", "jmp-exporter run", "jmp-controller run"]) {
      assert.ok(shown.includes(line), line);
    }

    await t.step("jmp-controller opens a store, and copies it", async () => {
      const [lab, copy] = [`${home.path}/lab`, `${home.path}/copy`];
      await Deno.mkdir(lab);
      await using store = await openSqliteStore(`${lab}/store.sqlite`);
      await store.clients.create({ metadata: { namespace: "lab", name: "c1" }, spec: {} });
      const { status, stderr } = await start("jmp-controller", ["backup", lab, copy]);
      assert.equal(status, 0, stderr);
      await using copied = await openSqliteStore(`${copy}/store.sqlite`);
      assert.equal((await copied.clients.get("lab", "c1")).metadata.name, "c1");
    });

    for (const type of driverTypes()) {
      await t.step(`jmp-exporter loads ${type}`, async () => {
        const file = `${home.path}/board.yaml`;
        await Deno.writeTextFile(file, exporterFile(type));
        const place = ["--exporter-config", file, "--socket", `${home.path}/socket`];
        const { status, stderr } = await start("jmp-exporter", ["run", ...place]);
        assert.equal(status, 1, stderr);
        assert.match(stderr, /log_level is not one of/);
      });
    }
  },
});

/** Its driver is loaded before the one setting is refused; so nothing is left running. */
function exporterFile(type: string): string {
  return [
    "apiVersion: jumpstarter.dev/v1alpha1",
    "kind: ExporterConfig",
    "metadata: { namespace: default, name: board }",
    "export:",
    "  device:",
    `    type: "${type}"`,
    "    config: { log_level: nonsense }",
    "",
  ].join("\n");
}
