import { ApiError } from "./api_error.ts";

/** What an answer may look like: the object itself, a table of it, or the whole discovery. */
export type Form = "plain" | "table" | "discovery";

/** The `Content-Type` of each form. */
export const CONTENT_TYPES: Readonly<Record<Form, string>> = {
  plain: "application/json",
  table: "application/json",
  discovery: "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
};

/** The forms that are asked for by name; `as` stands for the name, `g` and `v` for its version. */
const NAMED: Readonly<Record<string, { form: Form; g: string; v: string }>> = {
  Table: { form: "table", g: "meta.k8s.io", v: "v1" },
  APIGroupDiscoveryList: { form: "discovery", g: "apidiscovery.k8s.io", v: "v2" },
};

const PLAIN = ["application/json", "application/*", "*/*", ""];

/**
 * Chooses the first form of an `Accept` header that there is; throws an {@linkcode ApiError} when
 * there is none. A form that is not `offered` here is passed over.
 */
export function chooseForm(accept: string | null, offered: readonly Form[]): Form {
  for (const one of (accept ?? "").split(",")) {
    const form = formOf(one);
    if (form !== undefined && (form === "plain" || offered.includes(form))) return form;
  }
  throw new ApiError(
    "NotAcceptable",
    "only the following media types are accepted: application/json",
  );
}

function formOf(one: string): Form | undefined {
  const [type = "", ...rest] = one.split(";").map((part) => part.trim());
  if (!PLAIN.includes(type.toLowerCase())) return undefined;
  const parameters = new Map(rest.map((part) => {
    const [key = "", value = ""] = part.split("=", 2);
    return [key, value];
  }));
  const as = parameters.get("as");
  if (as === undefined) return "plain";
  const named = Object.hasOwn(NAMED, as) ? NAMED[as] : undefined;
  return named?.g === parameters.get("g") && named?.v === parameters.get("v")
    ? named?.form
    : undefined;
}
