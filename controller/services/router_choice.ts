/** A router. */
export interface RouterAddress {
  /** Its address, `host:port`. */
  readonly endpoint: string;
  /** What exporters it is near to. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The router that has all labels of an exporter, or any other; `undefined` when there is none. One that
 * is lost is chosen only where all are.
 */
export function chooseRouter(
  all: readonly RouterAddress[],
  labels: Readonly<Record<string, string>> = {},
  isLost: (endpoint: string) => boolean = () => false,
): RouterAddress | undefined {
  const wanted = Object.entries(labels);
  const there = all.filter(({ endpoint }) => !isLost(endpoint));
  const routers = there.length > 0 ? there : all;
  return routers.find((router) => wanted.every(([key, value]) => router.labels[key] === value)) ??
    routers[0];
}
