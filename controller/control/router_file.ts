import { readFields, type SectionRules } from "@jumpstarter/lib/config";
import { stringify } from "yaml";

/** What a router in a process of its own needs: all of it from its controller. */
export interface RouterFile {
  /** Where clients and exporters find it, `host:port`. */
  readonly endpoint: string;
  /** Where it listens, `host:port`. */
  readonly listen: string;
  /** Its controller, `host:port`. */
  readonly controller: string;
  /** The secret that it shares with the controller. */
  readonly key: string;
  /** The certificate to trust, that of the router, and its key, PEM. */
  readonly tls: { readonly ca: string; readonly cert: string; readonly key: string };
}

const KIND = "RouterConfig";
const FILE: SectionRules = {
  keys: ["apiVersion", "kind", "endpoint", "listen", "controller", "key", "tls"],
  isStrict: true,
};
const TLS: SectionRules = { keys: ["ca", "cert", "key"], isStrict: true };

/** The text of a router's file. */
export function formatRouterFile(file: RouterFile): string {
  return stringify({ apiVersion: "jumpstarter.dev/v1alpha1", kind: KIND, ...file }, {
    lineWidth: 0,
  });
}

/**
 * Reads the text of a router's file.
 *
 * @throws {ConfigError} naming file, line and key
 */
export async function parseRouterFile(path: string, text: string): Promise<RouterFile> {
  const file = await readFields({ file: path, warnings: [] }, text, FILE);
  if (file.required("kind") !== KIND) file.refuse("kind", `must be ${KIND}`);
  const tls = file.optionalSection("tls", TLS) ?? file.refuse("tls", "is missing");
  return {
    endpoint: file.required("endpoint"),
    listen: file.required("listen"),
    controller: file.required("controller"),
    key: file.required("key"),
    tls: { ca: tls.required("ca"), cert: tls.required("cert"), key: tls.required("key") },
  };
}
