import type { CommandIo } from "@jumpstarter/lib/commands";
import { pipe } from "@jumpstarter/lib/streams";

/** What a command is given in a test, and what came of it. */
export interface TestIo {
  readonly io: CommandIo;
  /** Lines and bytes on standard output. */
  readonly output: () => string;
  /** Lines on standard error. */
  readonly notes: string[];
  /** What work was shown as while it ran. */
  readonly labels: string[];
  /** Whether the terminal was made raw (`true`) and restored (`false`), in order. */
  readonly modes: boolean[];
  /** Types into standard input. */
  type(text: string): Promise<void>;
  /** Ends standard input. */
  endInput(): Promise<void>;
  /** Presses Ctrl-C. */
  interrupt(): void;
  /** Resolves once standard output holds the text. */
  shown(text: string): Promise<void>;
}

/** A command's surroundings, kept in memory. */
export function testIo(options: { isTerminal?: boolean; cwd?: string } = {}): TestIo {
  const { isTerminal = false, cwd = Deno.cwd() } = options;
  const [keyboard, keys] = pipe();
  const aborter = new AbortController();
  const decoder = new TextDecoder();
  const notes: string[] = [];
  const labels: string[] = [];
  const modes: boolean[] = [];
  const waiting = new Set<() => void>();
  let output = "";
  const show = (text: string) => {
    output += text;
    for (const look of waiting) look();
    return Promise.resolve();
  };
  const io: CommandIo = {
    signal: aborter.signal,
    cwd,
    input: { isTerminal, read: () => keys.read() },
    isTerminal,
    print: (line) => show(`${line}\n`),
    write: (bytes) => show(decoder.decode(bytes, { stream: true })),
    note: (line) => Promise.resolve(void notes.push(line)),
    progress(label) {
      labels.push(label);
      return { update() {}, [Symbol.dispose]() {} };
    },
    ...(isTerminal ? { terminal: { setRaw: (isRaw: boolean) => void modes.push(isRaw) } } : {}),
  };
  return {
    io,
    output: () => output,
    notes,
    labels,
    modes,
    type: (text) => keyboard.write(new TextEncoder().encode(text)),
    endInput: () => keyboard.closeWrite(),
    interrupt: () => aborter.abort(),
    async shown(text) {
      const found = Promise.withResolvers<void>();
      const look = () => {
        if (output.includes(text)) found.resolve();
      };
      waiting.add(look);
      look();
      await found.promise;
      waiting.delete(look);
    },
  };
}
