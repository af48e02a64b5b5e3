import { UsageError } from "@jumpstarter/lib/errors";
import { faultOfLabelKey, faultOfLabelValue } from "@jumpstarter/lib/lease";

/** Reads `KEY=VALUE`s; of a key that is given twice, the last counts. Fails with `UsageError`. */
export function readLabels(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(given.map((label) => {
    const [, key, value = ""] = /^([^=]+)=(.*)$/s.exec(label) ?? [];
    if (key === undefined) {
      throw new UsageError(`--label: "${label}" is not KEY=VALUE; write for example board=x`);
    }
    const fault = faultOfLabelKey(key) ?? faultOfLabelValue(value);
    if (fault !== undefined) throw new UsageError(`--label: ${fault}`);
    return [key, value];
  }));
}
