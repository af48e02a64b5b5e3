import assert from "node:assert/strict";
import { aborted, cancellable, type Ending } from "./signals.ts";

/** What a command in another process prints and ends with, when it is sent signals at its words. */
async function signalled(
  body: string,
  { cancelled = 2, grace, leaves, signals }: {
    cancelled?: number;
    grace?: number;
    leaves?: readonly Deno.Signal[];
    signals: readonly [word: string, signal: Deno.Signal][];
  },
): Promise<{ status: number; output: string; time: number }> {
  const script = `
    import { aborted, cancellable } from "${new URL("./signals.ts", import.meta.url)}";
    const never = () => new Promise((resolve) => setTimeout(resolve, 60_000));
    const run = async (signal, ending) => { ${body} };
    const status = await cancellable(${cancelled}, run, ${grace}, ${JSON.stringify(leaves)});
    Deno.exit(status);`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", script],
    stdout: "piped",
    signal: AbortSignal.timeout(20_000),
  }).spawn();
  const left = [...signals];
  let output = "";
  let time = performance.now();
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    output += text;
    while (left.length > 0 && output.includes(left[0]![0])) {
      child.kill(left.shift()![1]);
      time = performance.now();
    }
  }
  const { code } = await child.status;
  return { status: code, output, time: performance.now() - time };
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  Deno.test(`${signal} tells a command to end, which does so in its own way`, async () => {
    const { status, output } = await signalled(
      `console.log("at it"); await aborted(signal); console.log("cleaned", ending.insisted.aborted);
       return 7;`,
      { signals: [["at it", signal]] },
    );
    assert.deepEqual([status, output], [2, "at it\ncleaned false\n"]);
  });
}

Deno.test("a command that leaves SIGINT to its child goes on with it, and ends with the others", async () => {
  const { status, output } = await signalled(
    `Deno.addSignalListener("SIGINT", () => console.log("heard", signal.aborted));
     console.log("at it"); await aborted(signal); console.log("told");`,
    { leaves: ["SIGINT"], signals: [["at it", "SIGINT"], ["heard", "SIGTERM"]] },
  );
  assert.deepEqual([status, output], [2, "at it\nheard false\ntold\n"]);
});

Deno.test("a command that does not listen is left behind after its grace", async () => {
  const { status, time } = await signalled(`console.log("at it"); await never();`, {
    grace: 300,
    signals: [["at it", "SIGTERM"]],
  });
  assert.equal(status, 2);
  assert.ok(time >= 300 && time < 5_000, `${time} ms`);
});

Deno.test("what a command has asked for before a signal counts after it", async () => {
  const { status, time } = await signalled(
    `ending.postpone(30_000); ending.postpone(600); console.log("at it"); await never();`,
    { grace: 50, signals: [["at it", "SIGTERM"]] },
  );
  assert.equal(status, 2);
  assert.ok(time >= 400 && time < 5_000, `${time} ms`);
});

Deno.test("a second signal insists and gives another grace, which the command may postpone; a third leaves at once", async () => {
  const { status, output, time } = await signalled(
    `console.log("at it"); await aborted(signal);
     ending.postpone(2 ** 40); // longer than any timer
     console.log("ending"); await aborted(ending.insisted);
     ending.postpone(30_000); console.log("insisted"); await never();`,
    {
      grace: 50,
      cancelled: 0,
      signals: [["at it", "SIGINT"], ["ending", "SIGINT"], ["insisted", "SIGTERM"]],
    },
  );
  assert.deepEqual([status, output], [1, "at it\nending\ninsisted\n"]);
  assert.ok(time < 5_000, `${time} ms`);
});

Deno.test("where a signal is the usual end, a command that fails at it still fails", async () => {
  const body = `console.log("at it"); await aborted(signal); return 1;`;
  const { status } = await signalled(body, { cancelled: 0, signals: [["at it", "SIGTERM"]] });
  assert.equal(status, 1);
});

Deno.test("without a signal a command's status and failure are its own, and what it asked for leaves nothing behind", async () => {
  const run = (_: AbortSignal, ending: Ending) => {
    ending.postpone(0); // would leave a timer behind
    return Promise.resolve(7);
  };
  assert.equal(await cancellable(2, run), 7);
  await assert.rejects(
    cancellable(2, () => Promise.reject(new Error("broken"))),
    /^Error: broken$/,
  );
});

Deno.test("aborted() resolves with the signal, also one that is over already", async () => {
  await aborted(AbortSignal.abort());
  const aborter = new AbortController();
  const waiting = aborted(aborter.signal);
  aborter.abort();
  await waiting;
});
