import { type MessageStream, RpcError, type RpcServer } from "@jumpstarter/lib/rpc";
import type { Init, Method } from "@jumpstarter/proto";
import type { Question } from "../grpc/mod.ts";

/** How long somebody may ask questions in one call, in ms: anybody may. */
const ASKING_TIME = 60_000;

/** Lets a server answer questions. */
export function answerQuestions(server: RpcServer, questions: readonly Question[]): void {
  for (const { method, answer } of questions) {
    if (!method.requestStream) {
      server.add({ method }, { method: answer });
      continue;
    }
    const stream = method as Method<unknown, unknown, true, true>;
    server.add({ method: stream }, { method: (messages) => answerAll(messages, answer) });
  }
}

async function answerAll(
  messages: MessageStream<unknown, Init<unknown>>,
  answer: Question["answer"],
): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new RpcError("DEADLINE_EXCEEDED", "ask again in another call")),
    ASKING_TIME,
  );
  try {
    for (;;) {
      const asked = await Promise.race([messages.read(), late.promise]);
      if (asked === null) return;
      // Who does not read what was asked for is cut off as well.
      await Promise.race([messages.write(await answer(asked)), late.promise]);
    }
  } finally {
    clearTimeout(timer);
  }
}
