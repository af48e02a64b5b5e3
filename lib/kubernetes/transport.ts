import { ConfigError } from "../errors.ts";
import type { Cluster } from "./kubeconfig.ts";

/** One request. */
export interface Asked {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal: AbortSignal;
}

/** What came back; its body fails with the signal of the request, and with the connection. */
export interface Answer {
  readonly status: number;
  readonly body: AsyncIterable<Uint8Array>;
}

/** Connections to one API. */
export interface Transport extends Disposable {
  send(url: string, asked: Asked): Promise<Answer>;
}

/** Opens connections as a kubeconfig asks for them. Fails with `ConfigError` for bad certificates. */
export async function openTransport(cluster: Cluster): Promise<Transport> {
  const { server, serverName, isUnverified, file } = cluster;
  const isOrdinary = server.startsWith("http:") || (serverName ?? isUnverified) === undefined;
  try {
    return isOrdinary ? withFetch(cluster) : await withNode(cluster);
  } catch (cause) {
    throw new ConfigError(
      `${file}: its certificates or its proxy cannot be used: ${(cause as Error).message}`,
      { cause },
    );
  }
}

function withFetch({ ca, identity, proxy }: Cluster): Transport {
  const client = Deno.createHttpClient({
    ...(ca === undefined ? {} : { caCerts: [ca] }),
    ...(proxy === undefined ? {} : { proxy: { url: proxy } }),
    ...identity,
  });
  return {
    async send(url, { body = null, ...asked }) {
      const answer = await fetch(url, { ...asked, body, client, redirect: "manual" });
      return { status: answer.status, body: answer.body ?? new ReadableStream() };
    },
    [Symbol.dispose]: () => client.close(),
  };
}

/** For what fetch cannot do: to expect another name than that of the URL, or to verify nothing. */
async function withNode(
  { ca, identity, serverName, isUnverified }: Cluster,
): Promise<Transport> {
  const { Agent, request } = await import("node:https");
  const agent = new Agent({
    keepAlive: true,
    rejectUnauthorized: !isUnverified,
    ...(ca === undefined ? {} : { ca }),
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...identity,
  });
  return {
    send: (url, { body, ...asked }) =>
      new Promise((resolve, reject) => {
        const sent = request(url, { ...asked, agent }, (answer) => {
          resolve({ status: answer.statusCode ?? 0, body: answer });
        });
        sent.on("error", reject);
        sent.end(body);
      }),
    [Symbol.dispose]: () => agent.destroy(),
  };
}
