import { UsageError } from "@jumpstarter/lib/errors";
import type { CliCommand } from "@jumpstarter/lib/program";

/** `jmp admin create cluster`, and what else is about clusters: it says what there is instead. */
export const clusterCommand: CliCommand = {
  does: "Not here: a lab needs no Kubernetes; see jmp-controller run",
  arguments: { words: { does: "ignored", isOptional: true, isRepeated: true, parse: String } },
  options: {},
  passesOptions: true, // whatever was meant, the answer is the same
  run() {
    throw new UsageError(
      "clusters are made with their own tools (kind, minikube, k3s); a lab needs none: " +
        "jmp-controller run --data DIR serves one",
    );
  },
};
