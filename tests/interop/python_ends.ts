/** Stock Python programs as clients and exporters of a lab. */
import { dirname } from "node:path";
import { isTrue } from "@jumpstarter/lib/lease";
import type { Lease } from "@jumpstarter/controller/store";
import type { Member, TestLab } from "../support/lab.ts";
import type { Finished } from "../support/programs.ts";
import { type Running, start, until } from "../support/running.ts";
import { peer, type PeerVersion } from "./peer.ts";

const WAIT = ["--acquisition-timeout", "60"];

/** Programs of the peer in a lab. */
export class PythonEnds {
  readonly lab: TestLab;
  readonly #jmp: string;
  readonly #isOld: boolean;

  private constructor(lab: TestLab, jmp: string, isOld: boolean) {
    this.lab = lab;
    this.#jmp = jmp;
    this.#isOld = isOld;
  }

  /** Where the programs keep what is theirs. */
  get configHome(): string {
    return `${this.lab.dir}/config`;
  }

  static async at(lab: TestLab, version: PeerVersion = "0.9.0"): Promise<PythonEnds> {
    return new PythonEnds(lab, (await peer(version)).jmp, version === "0.7.4");
  }

  /** Serves an exporter with a power switch, once it is there; one of 0.7 reports no status. */
  async serve(exporter: Member, more: Record<string, unknown> = {}): Promise<Running> {
    const running = this.#start("run", "--exporter-config", await this.lab.write(exporter, more));
    if (this.#isOld) {
      await until("the exporter is online", async () => {
        const status = await this.lab.exporterState(exporter.name);
        return ["Online", "Registered"].every((type) => isTrue({ status }, type));
      });
    } else await this.lab.exporterIs(exporter.name, "Available");
    return running;
  }

  /** Runs a command line in a shell with a lease. */
  async shell(client: Member, target: readonly string[], command: string): Promise<Running> {
    const file = await this.lab.write(client);
    const words = ["--client-config", file, ...target, ...this.#isOld ? [] : WAIT];
    return this.#start("shell", ...words, "--", "sh", "-c", command);
  }

  /** Runs `jmp` as a client to its end. */
  async jmp(client: Member, ...words: string[]): Promise<Finished> {
    const file = await this.lab.write(client);
    await using running = this.#start(...words, "--client-config", file);
    return await running.finished;
  }

  #start(...words: string[]): Running {
    const path = `${dirname(this.#jmp)}:${Deno.env.get("PATH")}`;
    // As wide as no line is: the peer wraps what it says.
    const env = { PATH: path, COLUMNS: "400", XDG_CONFIG_HOME: this.configHome };
    return start([this.#jmp, ...words], { env });
  }
}

/** All leases of a lab, the oldest first. */
export async function leasesOf({ store }: TestLab): Promise<Lease[]> {
  const { items } = await store.leases.list();
  return items.sort((a, b) => a.metadata.name < b.metadata.name ? -1 : 1);
}
