import { Buffer } from "node:buffer";
import type { LogRecord } from "@jumpstarter/lib/driver";

/** Characters of a message that are kept; the rest is counted. */
export const LONGEST_MESSAGE = 16_384;
/** The same of a field's name or value, and of an operation, which a client may name at will. */
const LONGEST_FIELD = 1_024;
/** Fields that are kept. */
const MOST_FIELDS = 32;
/** What a record takes beside its texts, in characters. */
const OVERHEAD = 200;

/** The record itself when it is of bearable size, else with its texts cut. */
export function boundedRecord(record: LogRecord): LogRecord {
  const { fields, operation } = record;
  const message = cutText(record.message, LONGEST_MESSAGE);
  const isBounded = message === record.message && (operation?.length ?? 0) <= LONGEST_FIELD &&
    (fields === undefined || areBounded(fields));
  if (isBounded) return record;
  return {
    ...record,
    message,
    ...(operation === undefined ? {} : { operation: cutText(operation, LONGEST_FIELD) }),
    ...(fields === undefined ? {} : { fields: cutFields(fields) }),
  };
}

/** Characters of memory that a record takes, roughly. */
export function sizeOf({ message, operation = "", fields = {} }: LogRecord): number {
  let size = OVERHEAD + message.length + operation.length;
  for (const [key, value] of Object.entries(fields)) size += key.length + value.length;
  return size;
}

function areBounded(fields: Readonly<Record<string, string>>): boolean {
  const entries = Object.entries(fields);
  return entries.length <= MOST_FIELDS &&
    entries.flat().every((text) => typeof text === "string" && text.length <= LONGEST_FIELD);
}

function cutFields(fields: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(fields).slice(0, MOST_FIELDS);
  return Object.fromEntries(
    entries.map((entry) => entry.map((text) => cutText(text, LONGEST_FIELD))),
  );
}

/** Drivers in JavaScript may log what is no text: that must not fail later, in the readers. */
function cutText(given: string, longest: number): string {
  const text = String(given);
  if (text.length <= longest) return text;
  // Not within a pair of code units; and a copy, as a slice would keep all of the text in memory.
  const end = /[\ud800-\udbff]/.test(text[longest - 1]!) ? longest - 1 : longest;
  const kept = Buffer.from(text.slice(0, end));
  return `${kept} … ${Buffer.byteLength(text) - kept.length} bytes cut`;
}
