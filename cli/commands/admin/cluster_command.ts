import { optional, text } from "@jumpstarter/lib/commands";
import { UsageError } from "@jumpstarter/lib/errors";
import { type CliCommand, cliCommand } from "@jumpstarter/lib/program";

/** `jmp admin create cluster`, and what else is about clusters: it says what there is instead. */
export const clusterCommand: CliCommand = cliCommand({
  does: "Not here: a lab needs no Kubernetes; see jmp-controller run",
  arguments: { name: optional(text("ignored", "NAME")) },
  run() {
    throw new UsageError(
      "clusters are made with their own tools (kind, minikube, k3s); a lab needs none: " +
        "jmp-controller run --data DIR serves one",
    );
  },
});
