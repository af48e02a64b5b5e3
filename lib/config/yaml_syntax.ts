import { type Document, type ParsedNode, type Scalar, visit } from "yaml";

/** What is wrong with the syntax of a file: in which place, in words for whoever wrote it. */
export interface SyntaxFault {
  readonly offset: number;
  readonly sentence: string;
}

/** The library's messages, and what to say instead; the first that matches. */
const sentences: [RegExp, string][] = [
  [/^Tabs are not allowed/, "a tab indents this line; use spaces"],
  [/^Missing closing ["']/, "the quote that opens here is not closed, or its text is not indented"],
  [/^Flow seq/, 'a "[" before this is not closed with "]", or what it holds is not indented'],
  [/^Flow map/, 'a "{" before this is not closed with "}", or what it holds is not indented'],
  [/same column|less indented/, "this is not indented like what stands beside it"],
  [
    /^(Nested mappings|Implicit keys)/,
    'a ": " too many, or wrong indentation; quote text with ": "',
  ],
  [/followed by map values/, 'a key without ":" after it'],
  [/^Plain value cannot start/, "text that starts with this character needs quotes"],
  [/^Invalid escape/, "double quotes know no such escape; single quotes take \\ as it is"],
  [/multiple documents/, "the file holds more than one document; keep one"],
  [/keys must be strings/, "a list or a map cannot be a key"],
  [/^Unresolved tag/, "unknown tag"],
  [/^Unexpected/, "this does not belong here; look for a quote or a bracket too many"],
];

/** The first fault of a document, if it has any. */
export function syntaxFault(document: Document.Parsed<ParsedNode>): SyntaxFault | undefined {
  const fault = document.errors[0] ??
    document.warnings.find(({ code }) => code === "TAG_RESOLVE_FAILED");
  if (fault === undefined) return undefined;
  const [, sentence] = sentences.find(([pattern]) => pattern.test(fault.message)) ?? [];
  const isQuote = fault.message.startsWith("Missing closing");
  const offset = isQuote ? openingQuote(document, fault.pos[0]) : fault.pos[0];
  return { offset, sentence: sentence ?? fault.message };
}

/** The library finds an open quote at the end of its text; people look for the beginning. */
function openingQuote(document: Document.Parsed<ParsedNode>, end: number): number {
  let start = end;
  visit(document, {
    Scalar(_key, { type, range }: Scalar) {
      if (!type?.startsWith("QUOTE") || !range) return;
      if (range[0] <= end && range[1] >= end) start = range[0];
    },
  });
  return start;
}
