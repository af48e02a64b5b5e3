/** What the system says of a failure, without its number and the path: those who call know it. */
export function systemReason(error: unknown): string {
  const { message } = error as Error;
  return message.replace(/( \(os error \d+\))?(: \w+ '.*)?$/s, "");
}
