/** An argument or option of a command: how its text is read, and what it is for. */
export interface Parameter<T = unknown> {
  /** What the value is, for help. */
  readonly does: string;
  /** Stands for the value in help: `FILE`, `SECONDS`; none for a flag. */
  readonly placeholder?: string;
  /** One letter, for options. */
  readonly short?: string;
  /** What the value is when it is not given. */
  readonly default?: T;
  /** The default as a user would type it, where that differs. */
  readonly defaultText?: string;
  /** Whether a positional argument may be left out. Options always may. */
  readonly isOptional: boolean;
  /** Whether it may be given several times; the value is then a list. */
  readonly isRepeated: boolean;
  /** The only values there are, for help and completion. */
  readonly choices?: readonly string[];
  /** What completion offers for the value, beside {@linkcode choices}. */
  readonly suggests?: "files" | "exporters";
  /** Reads one text; fails with an `Error` that says what is expected. None for a flag. */
  readonly parse?: (text: string) => unknown;
}

/** The value that a parameter yields. */
export type ValueOf<P> = P extends Parameter<infer T> ? T : never;

/** The values that a table of parameters yields. */
export type Values<Parameters extends Record<string, Parameter>> = {
  [Name in keyof Parameters]: ValueOf<Parameters[Name]>;
};

/** A text that must be given. */
export function text(does: string, placeholder = "TEXT", short?: string): Parameter<string> {
  return { does, placeholder, isOptional: false, isRepeated: false, parse: same, ...brief(short) };
}

/** A path, relative to where the command was typed. */
export function path(does: string, short?: string): Parameter<string> {
  return { ...text(does, "FILE", short), suggests: "files" };
}

/** An option without a value. */
export function flag(does: string, short?: string): Parameter<boolean> {
  return { does, isOptional: true, isRepeated: false, default: false, ...brief(short) };
}

/** A whole number within bounds. */
export function integer(
  does: string,
  bounds: { min?: number; max?: number } = {},
  short?: string,
): Parameter<number> {
  const { min = -Infinity, max = Infinity } = bounds;
  return {
    ...text(does, "N", short) as Parameter<unknown> as Parameter<number>,
    parse(given) {
      const value = Number(given);
      if (!/^[+-]?\d+$/.test(given) || value < min || value > max) {
        throw new Error(`"${given}" is not a whole number${range(min, max)}`);
      }
      return value;
    },
  };
}

/** A time, typed in seconds and given in milliseconds. */
export function seconds(
  defaultSeconds: number,
  does: string,
  short?: string,
): Parameter<number> {
  return {
    ...text(does, "SECONDS", short) as Parameter<unknown> as Parameter<number>,
    isOptional: true,
    default: defaultSeconds * 1000,
    defaultText: String(defaultSeconds),
    parse(given) {
      const value = Number(given);
      if (given.trim() === "" || !(value >= 0 && value < Infinity)) {
        throw new Error(`"${given}" is not a number of seconds`);
      }
      return value * 1000;
    },
  };
}

/** One of a few words. */
export function choice<const Word extends string>(
  choices: readonly Word[],
  does: string,
  short?: string,
): Parameter<Word> {
  return {
    ...text(does, choices.join("|"), short) as Parameter<unknown> as Parameter<Word>,
    choices,
    parse(given) {
      if (choices.includes(given as Word)) return given;
      throw new Error(`"${given}" is not one of ${choices.join(", ")}`);
    },
  };
}

/** The same parameter, not required: `undefined` when it is not given. */
export function optional<T>(parameter: Parameter<T>): Parameter<T | undefined> {
  return { ...parameter as Parameter<T | undefined>, isOptional: true };
}

/** The same parameter with a value for when it is not given. */
export function withDefault<T>(parameter: Parameter<T>, value: T): Parameter<T> {
  return { ...parameter, isOptional: true, default: value };
}

/** The same parameter, any number of times. */
export function repeated<T>(parameter: Parameter<T>): Parameter<T[]> {
  const { default: _, ...rest } = parameter;
  return { ...rest, isOptional: true, isRepeated: true, default: [] };
}

function same(given: string): string {
  return given;
}

function brief(short: string | undefined): { short: string } | Record<never, never> {
  return short === undefined ? {} : { short };
}

function range(min: number, max: number): string {
  if (min === -Infinity && max === Infinity) return "";
  if (max === Infinity) return ` of ${min} or more`;
  if (min === -Infinity) return ` of ${max} or less`;
  return ` from ${min} to ${max}`;
}
