/** The `http:` or `https:` URL of a place that is one, as it was written; nothing for others. */
export function webUrl(place: unknown): string | undefined {
  if (place instanceof URL) return /^https?:$/.test(place.protocol) ? place.href : undefined;
  return typeof place === "string" && /^https?:\/\//i.test(place) ? place : undefined;
}
