/** A router. */
export interface RouterAddress {
  /** Its address, `host:port`. */
  readonly endpoint: string;
  /** What exporters it is near to. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The router for an exporter: one that has all of its labels, else the one with the most labels that are
 * all the exporter's, else any; `undefined` when there is none. One that is lost is chosen only where all
 * are.
 */
export function chooseRouter(
  all: readonly RouterAddress[],
  labels: Readonly<Record<string, string>> = {},
  isLost: (endpoint: string) => boolean = () => false,
): RouterAddress | undefined {
  const there = all.filter(({ endpoint }) => !isLost(endpoint));
  const routers = there.length > 0 ? there : all;
  const nearness = (router: RouterAddress) => {
    if (isWithin(labels, router.labels)) return Infinity;
    return isWithin(router.labels, labels) ? Object.keys(router.labels).length : 0;
  };
  const nearest = Math.max(...routers.map(nearness));
  return routers.find((router) => nearness(router) === nearest);
}

/** Whether all of some labels are among others. */
function isWithin(
  some: Readonly<Record<string, string>>,
  others: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(some).every(([key, value]) => others[key] === value);
}

/** The routers of a configuration, and before them the one in this process unless it is among them. */
export function withOwn(routers: readonly RouterAddress[], own: string): readonly RouterAddress[] {
  if (own === "" || routers.some(({ endpoint }) => endpoint === own)) return routers;
  return [{ endpoint: own, labels: {} }, ...routers];
}
