import assert from "node:assert/strict";
import { WaitLine } from "./wait_line.ts";

/** A line, and what is written, with the start of each drawing as `<`. */
function line(options: { isTerminal: boolean; columns?: number }) {
  const written: string[] = [];
  const made = new WaitLine({
    isTerminal: options.isTerminal,
    columns: () => options.columns,
    write: (text) => void written.push(text.replace("\r\x1b[K", "<")),
    note: (text) => Promise.resolve(void written.push(`${text}\n`)),
  });
  return { made, text: () => written.join("") };
}

Deno.test("what is waited for stands on the terminal until it is there, and below what is said", async () => {
  const { made, text } = line({ isTerminal: true });
  await made.note("before");
  made.show("waiting for it");
  await made.note("a word");
  made[Symbol.dispose]();
  await made.note("after");
  const drawn = "<waiting for it   0 s   (Ctrl-C gives up)";
  assert.equal(text(), `before\n${drawn}<a word\n${drawn}<after\n`);
});

Deno.test("what is waited for is not drawn where a line is about to be written", async () => {
  const written: string[] = [];
  const gates: (() => void)[] = [];
  const made = new WaitLine({
    isTerminal: true,
    columns: () => undefined,
    write: (text) => void written.push(text.replace("\r\x1b[K", "<")),
    async note(text) {
      await new Promise<void>((resolve) => gates.push(resolve));
      written.push(`${text}\n`);
    },
  });
  made.show("one");
  const notes = [made.note("a"), made.note("b")];
  gates[0]!();
  await notes[0];
  made.show("two");
  gates[1]!();
  await notes[1];
  made[Symbol.dispose]();
  const drawn = (text: string) => `<${text}   0 s   (Ctrl-C gives up)`;
  assert.equal(written.join(""), `${drawn("one")}<<a\nb\n${drawn("two")}<`);
});

Deno.test("a line that is longer than the terminal is cut", () => {
  const { made, text } = line({ isTerminal: true, columns: 12 });
  made.show("waiting for what is long in coming");
  made[Symbol.dispose]();
  assert.equal(text(), "<waiting for<");
});

Deno.test("elsewhere one line says each thing that is waited for", () => {
  const { made, text } = line({ isTerminal: false });
  for (const what of ["waiting", "waiting", "still waiting"]) made.show(what);
  made[Symbol.dispose]();
  assert.equal(text(), "waiting\nstill waiting\n");
});
