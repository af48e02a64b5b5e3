import { Driver, exported, type Schema } from "@jumpstarter/lib/driver";
import * as v from "valibot";

/** Records that are logged without letting anybody else have a turn. */
const BURST = 1_000;

const count: Schema<number> = v.number();

/** A driver that logs far more than anybody can read. */
export class Flooder extends Driver {
  static override readonly client = "test.Flooder";

  /** Logs so many records; the milliseconds that it takes. */
  @exported(count)
  async flood(records: number): Promise<number> {
    const start = performance.now();
    for (let number = 1; number <= records; number++) {
      this.log.info(`record ${number} of a flood`);
      if (number % BURST === 0) await new Promise((resolve) => setTimeout(resolve, 0));
    }
    return performance.now() - start;
  }

  @exported
  ping(): string {
    return "pong";
  }

  @exported(count)
  shout(length: number): void {
    this.log.info("x".repeat(length));
  }

  @exported
  whisper(): void {
    this.log.debug("a detail");
  }
}
