/** The largest answer, and the largest line of one, that is read, in characters. */
const MAX_TEXT = 64 * 1024 * 1024;

/** All of an answer. */
export async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  let text = "";
  for await (const part of textsOf(body)) text = bounded(text + part);
  return text;
}

/** An answer line by line; what comes behind the last line break is half a line, and left out. */
export async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const part of textsOf(body)) {
    const lines = (rest + part).split("\n");
    rest = bounded(lines.pop()!);
    yield* lines.filter((line) => line !== "");
  }
}

async function* textsOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const chunk of body) yield decoder.decode(chunk, { stream: true });
}

function bounded(text: string): string {
  if (text.length <= MAX_TEXT) return text;
  throw new RangeError(`it answers more than ${MAX_TEXT} characters`);
}
