/** A router. */
export interface RouterAddress {
  /** Its address, `host:port`. */
  readonly endpoint: string;
  /** What exporters it is near to. */
  readonly labels: Readonly<Record<string, string>>;
}

/** The router that has all labels of an exporter, or any other; `undefined` when there is none. */
export function chooseRouter(
  routers: readonly RouterAddress[],
  labels: Readonly<Record<string, string>> = {},
): RouterAddress | undefined {
  const wanted = Object.entries(labels);
  return routers.find((router) => wanted.every(([key, value]) => router.labels[key] === value)) ??
    routers[0];
}
