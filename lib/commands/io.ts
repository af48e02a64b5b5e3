/**
 * What a command sees of the world: never the process itself, so that the running shell can carry
 * out a command that was typed elsewhere.
 */
export interface CommandIo {
  /** Ends when the user presses Ctrl-C, the process is told to end, or the caller goes away. */
  readonly signal: AbortSignal;
  /** Where the command was typed. */
  readonly cwd: string;
  /** Standard input. */
  readonly input: Input;
  /** Whether standard output is a terminal. */
  readonly isTerminal: boolean;
  /** Columns of that terminal, as it is now; `undefined` when there is none. */
  readonly columns?: number | undefined;
  /** Writes a line to standard output. */
  print(line: string): Promise<void>;
  /** Writes bytes to standard output; settles when they are taken. */
  write(bytes: Uint8Array): Promise<void>;
  /** Writes a line to standard error: what happens, as opposed to results. */
  note(line: string): Promise<void>;
  /** Shows how far a transfer is, on standard error: a moving line on a terminal. */
  progress(label: string): Progress;
  /** The terminal, for commands with `needsTerminal`; absent when there is none. */
  readonly terminal?: Terminal;
}

/** Standard input. */
export interface Input {
  /** Whether somebody types it. */
  readonly isTerminal: boolean;
  /** The next bytes; `null` at the end. */
  read(): Promise<Uint8Array | null>;
}

/** Told by a transfer how far it is. */
export interface Progress extends Disposable {
  /** `done` bytes so far, of `total` where that is known. */
  update(done: number, total?: number): void;
}

/** A terminal that a command may take for itself. */
export interface Terminal {
  /** Keys come one by one and unprocessed while it is raw, Ctrl-C included. */
  setRaw(isRaw: boolean): void;
}
