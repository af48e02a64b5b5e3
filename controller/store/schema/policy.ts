import { duration, FLAG, selector, whole } from "./common.ts";
import { array, object, type Schema, text } from "./schema.ts";

/** What an ExporterAccessPolicy looks like. */
export const POLICY: Schema = whole(
  "Says which clients may lease which exporters.",
  object({
    exporterSelector: selector("The exporters it speaks of."),
    policies: array(
      object({
        description: text("Told to clients that the rule does not let in."),
        from: array(object({ clientSelector: selector("The clients let in.") })),
        maximumDuration: duration("The longest lease."),
        priority: { type: "integer", description: "The greater one decides." },
        spotAccess: { ...FLAG, description: "Whether leases last only while nobody else asks." },
      }),
      { description: "Who may lease them." },
    ),
  }, { default: {} }),
  object({}),
);
