import { type ExporterFile, fileChanges, loadExporterFile } from "@jumpstarter/lib/config";
import type { Logger } from "@jumpstarter/lib/driver";
import { aborted } from "@jumpstarter/lib/program";
import { systemReason } from "@jumpstarter/lib/streams";
import { checkPlan } from "../driver_settings.ts";

/** The newest state of an exporter file that changes; what is not valid is named in the log. */
export class NewestFile implements AsyncDisposable {
  #path: string;
  #log: Logger;
  #changed: ExporterFile | undefined;
  /** Ends with the next change. */
  #next = new AbortController();
  #over = new AbortController();
  #watching: Promise<void>;

  constructor(path: string, log: Logger) {
    this.#path = path;
    this.#log = log;
    this.#watching = this.#watch();
  }

  /** Takes what the file has changed to; nothing when it is as before, or not valid. */
  take(): ExporterFile | undefined {
    const file = this.#changed;
    this.#changed = undefined;
    return file;
  }

  /**
   * Waits until the file has changed to something valid and the moment for it has come, which another
   * change puts off.
   */
  async ready(moment: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const next = AbortSignal.any([this.#next.signal, signal]);
      if (this.#changed === undefined) {
        await aborted(next);
        continue;
      }
      await moment(next);
      if (!next.aborted) return;
    }
  }

  async #watch(): Promise<void> {
    try {
      for await (const _ of fileChanges(this.#path, this.#over.signal)) {
        this.#changed = await this.#load();
        this.#next.abort();
        this.#next = new AbortController();
      }
    } catch (error) {
      this.#log.error(`${this.#path} is not watched any more: ${systemReason(error)}`);
    }
  }

  async #load(): Promise<ExporterFile | undefined> {
    const path = this.#path;
    try {
      const file = await loadExporterFile(path);
      await checkPlan(file);
      for (const warning of file.warnings) this.#log.warning(warning);
      this.#log.info(`${path} has changed; it is taken as soon as no client is connected`);
      return file;
    } catch (error) {
      this.#log.error(`${path} is not taken, what runs stays: ${(error as Error).message}`);
      return undefined;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    await this.#watching;
  }
}
