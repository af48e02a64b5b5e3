/**
 * Checks that what the behaviour lists ask for is in the suite
 * (`deno run -A tools/check_behaviours.ts [root]`), one line a fault, and exits with 1 when there is
 * one. The lists say, by number, what an exporter, a client, drivers and the wire between them do; a
 * test that stands for a number ends its name with it: `[exporter 78]`, `[client 76, wire 1, 2]`.
 */
import { listFiles } from "./module_graph.ts";

/** A list of behaviours. */
export interface BehaviourList {
  /** Every number of the list: `1-14, 10.1-10.8`. */
  readonly numbers: string;
  /** The numbers that have no test, and why. */
  readonly without: Readonly<Record<string, string>>;
  /** The numbers that we answer in another way, and how; their tests show ours. */
  readonly different: Readonly<Record<string, string>>;
}

const DIRECT = "not yet: direct mode";
const DISTRIBUTED = "not yet: distributed mode";
const LEASES = `${DISTRIBUTED}: what follows a hook there is about leases`;

const LISTS: Readonly<Record<string, BehaviourList>> = {
  exporter: {
    numbers: "1-81",
    without: {
      "24-44": DISTRIBUTED,
      "49": LEASES,
      "51-52": LEASES,
      "56-57": LEASES,
      "67-69": `${DISTRIBUTED}; telemetry is the controller's`,
    },
    different: {
      "14": "what is not exported is not found, whether the class has such a member or not",
      "19": "an encoding that is not known is not accepted at all, so that the client unpacks",
      "22": "Reset is served: it resets the drivers",
      "23": "the drivers beside one that does not close are closed all the same",
      "63": "a late reader reads the log from the start of the session",
      "65": "every reader reads all of the log",
    },
  },
  client: {
    numbers: "1-117",
    without: {
      "3-4": `${DISTRIBUTED}: the commands with such aliases need a controller`,
      "8-22": `${DISTRIBUTED}: clients have no files before`,
      "27": `${DISTRIBUTED}: login`,
      "28-63": DISTRIBUTED,
      "65": LEASES,
      "68-75": DISTRIBUTED,
      "91": "not yet: the driver of a network of devices",
      "93-104": `${DISTRIBUTED}: login and administration`,
      "107": `${DISTRIBUTED}: nobody waits for a lease before`,
      "110": "not yet: the drivers with pictures",
      "111-113": "not yet: the server for agents",
      "115-117": DISTRIBUTED,
    },
    different: {
      "1": "the commands that need a controller come with it",
      "5": "the same",
      "7": "the version is that of Deno",
      "88": "what is not allowed is called that, not missing",
      "108": "outside a shell a test has the board of an exporter file; leases come later",
    },
  },
  wire: {
    numbers: "1-14, 10.1-10.11",
    without: {
      "14": DIRECT,
      "10.9": "the gRPC library's",
      "10.11": `${DISTRIBUTED}: the token of a router`,
    },
    different: {
      "1-2": "the call is complete once both directions have ended",
      "3": "frames without a meaning are dropped, not read as nothing",
      "6": "a frame without bytes is dropped, not read as nothing",
      "7": "an upload that is cancelled fails its call",
      "10": "a large chunk arrives, in parts",
      "11": "calls in other statuses are FAILED_PRECONDITION",
      "13": "Reset is served: it resets the drivers",
    },
  },
  controller: {
    numbers: "1-134",
    without: {
      "130": "one process has the store to itself; there is no leader to elect",
    },
    different: {
      "70": "the token before is refused from then on",
      "85": "every change is told, whoever noticed it",
      "77": "offline after fifteen seconds, not a minute",
      "134":
        "the store is in the process: a controller that loses it ends, and exporters come back",
    },
  },
  drivers: {
    numbers: "9.1.1-9.1.16, 9.2-9.5",
    without: {
      "9.1.3": "Python's drivers only; ours take doubles",
      "9.2": "not yet: the drivers that are named there",
    },
    different: {
      "9.1.10": "an encoding that is not known is not accepted at all, so that the client unpacks",
      "9.1.12": "a result of bytes is refused; drivers send text or a stream",
      "9.5": "the commands that got lost there are there",
    },
  },
};

const TAG = /\[((?:exporter|client|controller|wire|drivers) [^\]\n]+)\](?=["'`])/g;
/** What names a number that no test does. */
const TABLE = "tools/check_behaviours.ts";
/** The test of this tool has tags that stand for nothing. */
const SELF = "tools/";

/** The single numbers of `1-3, 10.1-10.8`, in order. */
export function numbersOf(ranges: string): string[] {
  return ranges.split(", ").flatMap((range) => {
    const [, prefix, first, last] = /^((?:\d+\.)*)(\d+)(?:-(?:\1)(\d+))?$/.exec(range) ?? [];
    if (first === undefined) return [range];
    const count = Number(last ?? first) - Number(first) + 1;
    return Array.from({ length: count }, (_, index) => `${prefix}${Number(first) + index}`);
  });
}

/** The behaviours that a source's tests stand for: `exporter 78`. */
export function tagsOf(source: string): string[] {
  return [...source.matchAll(TAG)].flatMap(([, tag]) => {
    let list = "";
    return tag!.split(", ").map((item) => {
      const [, named, number] = /^(?:(\w+) )?(.*)$/.exec(item)!;
      list = named ?? list;
      return `${list} ${number}`;
    });
  });
}

/** Names every fault between the lists and the sources of the tests, by path; one sentence each. */
export function checkBehaviours(
  lists: Readonly<Record<string, BehaviourList>>,
  sources: ReadonlyMap<string, string>,
): string[] {
  const all = (rangesOf: (list: BehaviourList) => string[]) =>
    Object.entries(lists).flatMap(([name, list]) =>
      rangesOf(list).flatMap(numbersOf).map((number) => `${name} ${number}`)
    );
  const known = new Set(all(({ numbers }) => [numbers]));
  const without = new Set(all((list) => Object.keys(list.without)));
  const different = all((list) => Object.keys(list.different));
  const tested = new Map(
    [...sources].flatMap(([path, source]) => tagsOf(source).map((tag) => [tag, path])),
  );
  const faults = (ones: Iterable<string>, isFault: (one: string) => boolean, what: string) =>
    [...ones].filter(isFault).map((one) => `${tested.get(one) ?? TABLE}: ${one} ${what}`);
  return [
    ...faults(known, (one) => !tested.has(one) && !without.has(one), "has no test"),
    ...faults(tested.keys(), (one) => !known.has(one), "is in no list"),
    ...faults(without, (one) => tested.has(one), "has a test; say no more that it has none"),
    ...faults(without, (one) => !known.has(one), "is in no list, yet is said to have no test"),
    ...faults(different, (one) => !tested.has(one), "is said to differ, yet has no test"),
  ];
}

async function readTests(root: string): Promise<Map<string, string>> {
  const files = (await listFiles(root))
    .filter((file) => file.endsWith("_test.ts") && !file.startsWith(SELF));
  const texts = files.map((file) => Deno.readTextFile(`${root}/${file}`));
  return new Map((await Promise.all(texts)).map((text, index) => [files[index]!, text]));
}

if (import.meta.main) {
  const root = await Deno.realPath(Deno.args[0] ?? new URL("..", import.meta.url));
  const faults = checkBehaviours(LISTS, await readTests(root));
  for (const fault of faults) console.error(fault);
  console.error(
    faults.length === 0 ? "behaviours: no faults" : `behaviours: ${faults.length} faults`,
  );
  if (faults.length > 0) Deno.exit(1);
}
