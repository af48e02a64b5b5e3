/** Why a request failed, without the request itself, which whoever asks knows. */
export function whyNot(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "it does not answer in time";
  const { message } = error.cause instanceof Error ? error.cause : error;
  // fetch: "error sending request for url (…): client error (Connect): …"
  const [, reason = message] = /client error \([^)]*\): (.*)$/s.exec(message) ?? [];
  const isUntrusted = /certificate|altnames/i.test(reason);
  return isUntrusted ? `its certificate is not trusted (${reason})` : reason;
}
