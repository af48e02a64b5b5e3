import { formatEndpoint } from "@jumpstarter/lib/rpc";
import type { Log } from "./scheduler/mod.ts";
import type { ListenAddress, RunningController } from "./services/mod.ts";
import { loginPages, operationsPages, type Pages, WebServer } from "./web/mod.ts";

/** What {@linkcode serveWeb} takes. */
export interface WebOptions {
  /** The name or address by which this machine is found. */
  readonly host: string;
  /** Where metrics and health are read; nowhere without it. */
  readonly metricsListen: ListenAddress | undefined;
  /** Where the page for logins is served; nowhere without it. */
  readonly loginListen: ListenAddress | undefined;
  /** Where users find that page, as they type it; where it is served unless given. */
  readonly loginEndpoint: string | undefined;
  /** Takes what there is to tell. */
  readonly log: Log;
}

/** The pages that are served. */
export interface ServedWeb extends AsyncDisposable {
  /** The URL of the metrics. */
  readonly metrics?: string;
  /** The URL of the page for logins. */
  readonly login?: string;
}

/** Serves the pages of a running controller that are asked for. */
export async function serveWeb(
  controller: Pick<
    RunningController,
    "metrics" | "unready" | "loginFacts" | "publicIdentity" | "onIdentity"
  >,
  { host, metricsListen, loginListen, loginEndpoint, log }: WebOptions,
): Promise<ServedWeb> {
  await using stack = new AsyncDisposableStack();
  const serve = async (at: ListenAddress, pages: Pages, isPublic: boolean) => {
    const server = stack.use(
      await WebServer.listen({
        ...at,
        pages,
        ...(isPublic && { identity: controller.publicIdentity }),
        onFault: (error) => log("ERROR", "a page failed", { error: String(error) }),
      }),
    );
    if (isPublic) controller.onIdentity(() => server.useIdentity(controller.publicIdentity));
    const found = isPublic || ["0.0.0.0", "::"].includes(at.hostname) ? host : at.hostname;
    return formatEndpoint({ ...server.endpoint, hostname: found });
  };
  const metrics = metricsListen &&
    await serve(metricsListen, operationsPages(controller), false);
  let place = loginEndpoint ?? "";
  const login = loginListen && await serve(
    loginListen,
    loginPages(() => ({ ...controller.loginFacts(), loginEndpoint: place })),
    true,
  );
  place ||= login ?? "";
  const held = stack.move();
  return {
    ...(metrics && { metrics: `http://${metrics}/metrics` }),
    ...(login && { login: `https://${login}/` }),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
