import { type Parameter, text, withDefault } from "@jumpstarter/lib/commands";
import { checkAlias } from "@jumpstarter/lib/config";

/** The argument `[ALIAS]` of commands on one exporter file. */
export const alias: Parameter<string> = withDefault({
  ...text("which exporter: the name of its file, without .yaml", "ALIAS"),
  suggests: "exporters",
  parse(given: string) {
    checkAlias(given);
    return given;
  },
}, "default");
