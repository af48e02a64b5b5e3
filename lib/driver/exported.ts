import { InvalidArgumentError } from "../errors.ts";
import type { ByteStream } from "../streams/byte_stream.ts";
import { type OutputOf, pathOf, type Schema } from "./schema.ts";

/** How a method is called: one answer, a stream of answers, or a byte stream. */
export type MethodKind = "call" | "streamingCall" | "bytes";

/** An exported method, as the session looks it up by its wire name. */
export interface ExportedMethod {
  /** How it is called. */
  readonly kind: MethodKind;
  /** Its name in the class. */
  readonly property: string | symbol;
  /** What checks its arguments, in order. */
  readonly parameters: readonly Schema[];
}

/** A method of a driver class. */
export type DriverMethod<This, Args extends unknown[], Returned> = (
  this: This,
  ...args: Args
) => Returned;
/** What a decorator is told of a method. */
export type MethodContext<This, Args extends unknown[], Returned> = ClassMethodDecoratorContext<
  This,
  DriverMethod<This, Args, Returned>
>;

/** The argument types that a list of schemas lets through. */
export type ArgumentsOf<Schemas extends readonly Schema[]> = {
  [Index in keyof Schemas]: OutputOf<Schemas[Index]>;
};

/** A decorator for methods with the given arguments. */
export type MethodDecorator<Args extends unknown[]> = <This, Returned>(
  method: DriverMethod<This, Args, Returned>,
  context: MethodContext<This, Args, Returned>,
) => void;

/** The shape of {@linkcode exported}: a decorator, a maker of decorators, and `bytes`. */
export interface Exported {
  /** Exports a method without arguments. */
  <This, Returned>(
    method: DriverMethod<This, [], Returned>,
    context: MethodContext<This, [], Returned>,
  ): void;
  /** Exports a method whose arguments are checked, in order, by the given schemas. */
  <const Schemas extends readonly Schema[]>(
    ...parameters: Schemas
  ): MethodDecorator<[...ArgumentsOf<Schemas>]>;
  /** Exports a method that opens a byte stream; its conventional name is `connect`. */
  bytes<This>(
    method: DriverMethod<This, [], Promise<ByteStream>>,
    context: MethodContext<This, [], Promise<ByteStream>>,
  ): void;
}

type MethodTable = Map<string, ExportedMethod>;

const METHODS = Symbol("exported methods");

/**
 * Exports a driver's method to clients. A generator becomes a streaming call, every other method a
 * unary one, `@exported.bytes` a byte stream. On the wire the name is in snake case: `setDtr` is
 * `set_dtr`.
 *
 * ```ts
 * import { Driver, exported } from "@jumpstarter/lib/driver";
 * import * as v from "valibot";
 *
 * class Fan extends Driver {
 *   static override readonly client = "acme.FanClient";
 *   #speed = 0;
 *
 *   @exported(v.number()) setSpeed(rpm: number) {
 *     this.#speed = rpm;
 *   }
 *   @exported speed() {
 *     return this.#speed;
 *   }
 * }
 * ```
 */
export const exported: Exported = Object.assign(
  (...given: unknown[]): unknown => {
    if (isDecoration(given)) return register(...given, []);
    const parameters = given as Schema[];
    return (method: unknown, context: DecoratorContext) => register(method, context, parameters);
  },
  {
    bytes: (_method: unknown, context: ClassMethodDecoratorContext) =>
      add(context, { kind: "bytes", property: context.name, parameters: [] }),
  },
) as Exported;

function isDecoration(given: unknown[]): given is [unknown, DecoratorContext] {
  return typeof given[0] === "function" && (given[1] as DecoratorContext)?.kind !== undefined;
}

function register(method: unknown, context: DecoratorContext, parameters: Schema[]): void {
  if (context.kind !== "method") throw new TypeError(`@exported decorates methods only`);
  const isGenerator = /Generator/.test(Object.prototype.toString.call(method));
  const kind = isGenerator ? "streamingCall" : "call";
  add(context, { kind, property: context.name, parameters });
}

function add(context: DecoratorContext, method: ExportedMethod): void {
  const { metadata } = context;
  if (!Object.hasOwn(metadata, METHODS)) metadata[METHODS] = new Map();
  (metadata[METHODS] as MethodTable).set(wireName(String(context.name)), method);
}

/** `setDtr` → `set_dtr`. */
export function wireName(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

const rests = new WeakSet<Schema>();

/**
 * Marks the schema of a method's last parameter: it takes all arguments that are left, as one array.
 *
 * ```ts
 * import { Driver, exported, rest } from "@jumpstarter/lib/driver";
 * import * as v from "valibot";
 *
 * class Buttons extends Driver {
 *   static override readonly client = "acme.ButtonsClient";
 *
 *   @exported(rest(v.array(v.string()))) press(names: string[]) {
 *     this.log.info(`pressed ${names.join(" and ")}`);
 *   }
 * }
 * ```
 */
export function rest<S extends Schema<unknown[]>>(schema: S): S {
  rests.add(schema);
  return schema;
}

const tables = new WeakMap<object, ReadonlyMap<string, ExportedMethod>>();

/** The exported methods of a driver class by wire name, its parents' included. */
export function exportedMethods(driverClass: unknown): ReadonlyMap<string, ExportedMethod> {
  if (typeof driverClass !== "function") return new Map();
  const known = tables.get(driverClass);
  if (known !== undefined) return known;
  // The parents' metadata is not to be had from the class's own in every compilation of decorators.
  const own = Object.hasOwn(driverClass, Symbol.metadata)
    ? driverClass[Symbol.metadata]?.[METHODS] as MethodTable | undefined
    : undefined;
  const methods = new Map([
    ...exportedMethods(Object.getPrototypeOf(driverClass)),
    ...own ?? [],
  ]);
  tables.set(driverClass, methods);
  return methods;
}

/** Checks the arguments of a call; fails with an error that names the argument by its place. */
export async function checkArguments(
  name: string,
  parameters: readonly Schema[],
  given: readonly unknown[],
): Promise<unknown[]> {
  const last = parameters.at(-1);
  const values = last !== undefined && rests.has(last)
    ? gather(given, parameters.length - 1)
    : given;
  if (values.length > parameters.length) {
    throw new InvalidArgumentError(
      `${name} takes ${count(parameters.length)}, ${given.length} given`,
    );
  }
  const checked: unknown[] = [];
  for (const [index, schema] of parameters.entries()) {
    const result = await schema["~standard"].validate(values[index]);
    if (result.issues === undefined) {
      checked.push(result.value);
      continue;
    }
    const where = index < given.length
      ? `argument ${index + 1}`
      : `argument ${index + 1} (missing)`;
    const [issue] = result.issues;
    const path = issue === undefined ? "" : pathOf(issue).map((key) => `.${key}`).join("");
    throw new InvalidArgumentError(`${name}: ${where}${path}: ${issue?.message ?? "not valid"}`);
  }
  return checked;
}

/** So many arguments, and what is left as an array. */
function gather(given: readonly unknown[], fixed: number): unknown[] {
  return [...Array.from({ length: fixed }, (_, index) => given[index]), given.slice(fixed)];
}

function count(parameters: number): string {
  return parameters === 0 ? "no arguments" : `at most ${parameters} argument(s)`;
}
