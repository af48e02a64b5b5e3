import { choice, type Parameter, withDefault } from "../commands/parameter.ts";
import { SEVERITIES, type Severity } from "../driver/log.ts";

/** How a program logs: JSON for programs, text for people, or what fits standard error. */
export type LogFormat = "auto" | "json" | "text";

/** The options `--log-format` and `--log-level`, of a program and of its commands that log. */
export const logOptions: {
  logFormat: Parameter<LogFormat>;
  logLevel: Parameter<Severity>;
} = {
  logFormat: withDefault(
    choice(["auto", "json", "text"], "how an exporter logs; auto is json where nobody reads it"),
    "auto",
  ),
  logLevel: withDefault(
    choice(SEVERITIES, "the least severe records that an exporter logs"),
    "INFO",
  ),
};
