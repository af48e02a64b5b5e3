import { faultOfLabelKey, faultOfLabelValue } from "./label_syntax.ts";
import { isInteger, type Operator, type Requirement, type Selector } from "./selector.ts";
import { SelectorError } from "./selector_error.ts";

/** A comma, a parenthesis, an operator's sign, or a word; the empty text is the end. */
interface Token {
  readonly text: string;
  readonly position: number;
}

const TOKEN = /[ \t\r\n]*(==|!=|[,()!=<>]|[^ \t\r\n,()!=<>]+|$)/y;
const SIGNS = ["", ",", "(", ")", "!", "=", "==", "!=", "<", ">"];
const WITH_VALUE = ["=", "==", "!=", "<", ">"];
const WITH_SET = ["in", "notin"];

/**
 * Reads a label selector, in the full grammar of Kubernetes: terms `k=v`, `k==v`, `k!=v`,
 * `k in (a,b)`, `k notin (a,b)`, `k`, `!k`, `k>1`, `k<1` with commas between them.
 *
 * ```ts
 * import { parseSelector } from "@jumpstarter/lib/lease";
 *
 * console.log(parseSelector("board=x, !broken").length); // 2
 * ```
 *
 * @throws {SelectorError} for what is not a selector; no term is ever left out
 */
export function parseSelector(text: string): Selector {
  return new Parser(text).selector();
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;
  /** Where the term begins that is read. */
  #start = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = [...text.matchAll(new RegExp(TOKEN, "gy"))].map((match) => ({
      text: match[1]!,
      position: match.index + match[0].length - match[1]!.length,
    }));
  }

  selector(): Selector {
    const requirements: Requirement[] = [];
    if (this.#peek.text === "") return requirements;
    do {
      requirements.push(this.#requirement());
    } while (this.#skip(","));
    if (this.#peek.text !== "") this.#found(this.#peek, `what follows a term is ","`);
    return requirements;
  }

  #requirement(): Requirement {
    this.#start = this.#peek.position;
    if (this.#skip("!")) return { key: this.#key(), operator: "absent", values: [] };
    const key = this.#key();
    const sign = this.#peek;
    if (sign.text === "" || sign.text === ",") return { key, operator: "exists", values: [] };
    const operator = sign.text as Operator;
    if (WITH_SET.includes(operator)) {
      this.#next++;
      return { key, operator, values: this.#set(sign) };
    }
    if (!WITH_VALUE.includes(operator)) {
      this.#found(sign, `what follows a key is one of =, ==, !=, in, notin, >, < or ","`);
    }
    this.#next++;
    const at = this.#peek;
    const value = this.#value();
    if ((operator === ">" || operator === "<") && !isInteger(value)) {
      this.#fail(at, `"${operator}" compares whole numbers`);
    }
    return { key, operator, values: [value] };
  }

  #key(): string {
    const token = this.#peek;
    if (SIGNS.includes(token.text)) this.#found(token, "a label key belongs here");
    return this.#checked(token, faultOfLabelKey(token.text));
  }

  #value(): string {
    const token = this.#peek;
    return SIGNS.includes(token.text) ? "" : this.#checked(token, faultOfLabelValue(token.text));
  }

  #set(operator: Token): string[] {
    if (!this.#skip("(")) this.#found(this.#peek, `"${operator.text}" needs values: (a,b)`);
    const values: string[] = [];
    do {
      values.push(this.#value());
    } while (this.#skip(","));
    if (!this.#skip(")")) this.#found(this.#peek, `the values need a ")" after them`);
    return [...new Set(values)];
  }

  #checked(token: Token, fault: string | undefined): string {
    if (fault !== undefined) this.#fail(token, fault);
    this.#next++;
    return token.text;
  }

  get #peek(): Token {
    return this.#tokens[this.#next] ?? { text: "", position: this.#text.length };
  }

  #skip(sign: string): boolean {
    const isThere = this.#peek.text === sign;
    if (isThere) this.#next++;
    return isThere;
  }

  #found({ text, position }: Token, rule: string): never {
    const found = text === "" ? "it ends" : `found "${text}"`;
    this.#fail({ text, position }, `${found}; ${rule}`);
  }

  #fail({ position }: Token, fault: string): never {
    throw new SelectorError(this.#text, this.#start, position, fault);
  }
}
