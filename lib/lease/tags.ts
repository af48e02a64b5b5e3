import { UsageError } from "../errors.ts";
import { faultOfLabelKey, faultOfLabelValue } from "./label_syntax.ts";
import type { LabelSelector } from "./objects.ts";

/** What the tags of a lease are called among its labels. */
export const TAG_PREFIX = "metadata.jumpstarter.dev/";
const RESERVED = [TAG_PREFIX, "jumpstarter.dev/"];

/**
 * Checks the tags of a new lease.
 *
 * @param tags what the client gives
 * @param maximum how many there may be
 * @throws {UsageError} that names the tag
 */
export function checkTags(tags: Readonly<Record<string, string>>, maximum = 10): void {
  const count = Object.keys(tags).length;
  if (count > maximum) throw invalid(`${count} tags, and at most ${maximum} are allowed`);
  for (const [key, value] of Object.entries(tags)) {
    const prefix = RESERVED.find((reserved) => key.startsWith(reserved));
    if (prefix !== undefined) throw invalid(`"${key}" has the reserved prefix "${prefix}"`);
    if (key.includes("/")) throw invalid(`"${key}" contains "/"`);
    const fault = faultOfLabelKey(key) ?? faultOfLabelValue(value);
    if (fault !== undefined) throw invalid(`tag "${key}": ${fault}`);
  }
}

function invalid(fault: string): UsageError {
  return new UsageError(`invalid lease tags: ${fault}`);
}

/** The labels of a new lease: what its selector sets equal, and its tags under their prefix. */
export function leaseLabels(
  selector: LabelSelector,
  tags: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return Object.fromEntries([
    ...Object.entries(selector.matchLabels ?? {}).filter(([key]) => !key.startsWith(TAG_PREFIX)),
    ...Object.entries(tags).map(([key, value]) => [`${TAG_PREFIX}${key}`, value]),
  ]);
}
