import { readFields } from "@jumpstarter/lib/config";
import {
  ISSUER,
  type IssuerConfig,
  type IssuerRules,
  readIssuer,
} from "@jumpstarter/controller/auth";

/** Issuers as a configuration file has them below the key `jwt`. */
export async function issuersOf(
  entries: readonly unknown[],
  rules: IssuerRules = {},
): Promise<IssuerConfig[]> {
  const context = { file: "lab.yaml", warnings: [] };
  const file = await readFields(context, JSON.stringify({ jwt: entries }), { keys: ["jwt"] });
  return file.sections("jwt", ISSUER).map((entry) => readIssuer(entry, rules));
}
