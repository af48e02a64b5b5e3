import { UsageError } from "../errors.ts";

/** A selector that cannot be read: the message names the term, and where it stands. */
export class SelectorError extends UsageError {
  /** The term that cannot be read. */
  readonly term: string;
  /** Where in the selector it cannot be read, in characters from 0. */
  readonly position: number;

  constructor(selector: string, start: number, position: number, fault: string) {
    const end = selector.indexOf(",", position);
    const term = selector.slice(start, end < 0 ? undefined : end).trim();
    super(`unable to parse "${term}" at character ${position + 1} of the selector: ${fault}`);
    this.term = term;
    this.position = position;
  }
}
