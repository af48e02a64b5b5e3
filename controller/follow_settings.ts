import { type ControllerConfig, FollowedFiles, loadControllerFile } from "./config/mod.ts";
import { Hangup } from "./hangup.ts";
import { changedKeys } from "./run_settings.ts";
import type { Log } from "./scheduler/mod.ts";
import {
  type CertificateFiles,
  filesOf,
  readGivenIdentity,
  type RunningController,
} from "./services/mod.ts";

/** What {@linkcode followSettings} takes. */
export interface FollowSettingsOptions {
  /** The configuration file, which may come later. */
  readonly file: string;
  /** What it said at the start, where it was there. */
  readonly config: ControllerConfig | undefined;
  /** A certificate that others have made. */
  readonly certificate: CertificateFiles | undefined;
  /** Is called when the terminal is gone. */
  readonly left: () => void;
  /** Takes what there is to tell. */
  readonly log: Log;
}

/** Gives a running controller its configuration and certificate anew, when they change and on SIGHUP. */
export function followSettings(
  controller: Pick<RunningController, "use" | "useIdentity">,
  { file, config, certificate, left, log }: FollowSettingsOptions,
): AsyncDisposable {
  let known = config;
  const settings = new FollowedFiles({
    paths: [file],
    async take() {
      if (known === undefined && !await isThere(file)) return;
      known = await loadControllerFile(file);
      await controller.use(known.live);
      for (const warning of known.warnings) log("WARNING", warning, {});
      const late = changedKeys(config?.start ?? {}, known.start);
      log("INFO", "configuration taken", { file, ...(late && { "after a restart": late }) });
    },
    refused: ({ message }) => {
      log("ERROR", "configuration not taken, what was stays", { error: message });
    },
  });
  const identity = certificate && new FollowedFiles({
    paths: filesOf(certificate),
    async take() {
      controller.useIdentity(await readGivenIdentity(certificate));
      log("INFO", "certificate taken", { file: certificate.cert });
    },
    refused: ({ message }) => {
      log("ERROR", "certificate not taken, what was stays", { error: message });
    },
  });
  const hangup = new Hangup(() => {
    settings.again();
    identity?.again();
  }, left);
  const stack = new AsyncDisposableStack();
  stack.use(settings);
  stack.use(identity);
  stack.use(hangup);
  return stack;
}

/** Whether there is a file. */
export async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, (error) => {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  });
}
