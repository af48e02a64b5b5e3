import { CONDITIONS, reference, TIME, whole } from "./common.ts";
import { object, type Schema, text } from "./schema.ts";

/** What a Client looks like. */
export const CLIENT: Schema = whole(
  "One who leases exporters.",
  object({ username: text("The name the client has with an external issuer.") }, { default: {} }),
  object({
    conditions: CONDITIONS,
    credential: reference("The Secret that holds the token."),
    endpoint: text("The controller's public endpoint."),
    tokenExpiresAt: { ...TIME, description: "When the token ends." },
  }),
);
