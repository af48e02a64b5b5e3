/**
 * The Standard Schema interface (https://standardschema.dev, version 1), written out so that a
 * driver may check its input with any library that speaks it: valibot, zod, arktype and others.
 */
export interface Schema<Output = unknown> {
  /** The members that the interface prescribes. */
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => Result<Output> | Promise<Result<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

/** What a schema says of a value: the checked value, or what is wrong with it. */
export type Result<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly Issue[] };

/** One thing wrong with a value, and where in it. */
export interface Issue {
  /** What is wrong, for people. */
  readonly message: string;
  /** The keys that lead to it, outermost first. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The type that a schema lets through; a type that is no schema stands for itself. */
export type OutputOf<S> = S extends Schema<infer Output> ? Output : S;

/** The keys that lead to an issue, outermost first. */
export function pathOf(issue: Issue): string[] {
  return (issue.path ?? []).map((step) => String(typeof step === "object" ? step.key : step));
}
