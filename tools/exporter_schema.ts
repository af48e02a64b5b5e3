/**
 * Makes `docs/exporter.schema.json` (`deno run -A tools/exporter_schema.ts`): the JSON Schema of
 * exporter files, with which editors complete and check them.
 */
import { driverTypes } from "@jumpstarter/drivers";

/** Where the schema is, beside the documentation. */
export const SCHEMA_FILE = new URL("../docs/exporter.schema.json", import.meta.url);

type Schema = Readonly<Record<string, unknown>>;

const ref = (name: string): Schema => ({ $ref: `#/definitions/${name}` });

/** A map with known keys; others are slips of the pen. */
function section(description: string, properties: Record<string, Schema>, required?: string[]) {
  const needs = required === undefined ? {} : { required };
  return { description, type: "object", properties, ...needs, additionalProperties: false };
}

function text(description: string): Schema {
  return { description, type: ["string", "null"] };
}

/** Whole numbers and flags may stand in quotes. */
function wholeNumber(description: string, byDefault: number): Schema {
  return { description, anyOf: [{ type: "integer" }, WRITTEN_NUMBER], default: byDefault };
}

function flag(description: string): Schema {
  return { description, type: "boolean", default: false };
}

function named(description: string, values: Schema): Schema {
  return { description, type: "object", additionalProperties: values };
}

const WRITTEN_NUMBER: Schema = { type: "string", pattern: "^\\s*[-+]?\\d+\\s*$" };
const children = named("Nodes below this one, by name.", ref("node"));
const hooks = {
  beforeLease: ref("hook"),
  afterLease: ref("hook"),
};
const rapid = {
  maxRapidFailures: wholeNumber("Short lives in a row after which the exporter gives up.", 5),
  rapidFailureWindow: wholeNumber("Seconds; a life is short below this.", 60),
};

/** Adds the spelling of Python to the keys that have it: `before_lease`. */
function withSnakeCase(properties: Record<string, Schema>): Record<string, Schema> {
  const snaked = Object.entries(properties).map(([key, schema]) => [
    key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    schema,
  ]);
  return { ...properties, ...Object.fromEntries(snaked) };
}

function definitions(types: readonly string[]): Record<string, Schema> {
  return {
    node: {
      description: 'A driver ("type"), a group ("children") or another name for a node ("ref").',
      anyOf: [ref("driver"), ref("group"), ref("proxy")],
    },
    driver: section("A driver.", {
      type: {
        description: "Which driver: a class of the Python drivers, or a module and class of ours.",
        anyOf: [{ enum: types }, { type: "string", minLength: 1 }],
      },
      config: { description: "The driver's own settings.", type: ["object", "null"] },
      children,
      description: text("What the driver is, for help."),
      methods_description: named("Help texts by command name.", { type: "string" }),
      ref: { description: 'Has no effect beside "type".' },
    }, ["type"]),
    group: section("A node that only holds others.", { children, ref: {} }, ["children"]),
    proxy: section("Another name for a node.", {
      ref: {
        description: "The path of the node that is meant, from the root: rack.spare.",
        type: "string",
        minLength: 1,
      },
    }, ["ref"]),
    hook: {
      anyOf: [
        { type: "null" },
        section(
          "A script that runs around a lease.",
          withSnakeCase({
            script: { description: "The script itself, or the path of one.", type: "string" },
            exec: text("The interpreter; without it the script decides."),
            timeout: wholeNumber("Seconds that the script may take.", 120),
            onFailure: {
              description: "What follows when the hook fails.",
              enum: ["warn", "endLease", "exit"],
              default: "warn",
            },
          }),
          ["script"],
        ),
      ],
    },
  };
}

/** The schema, with these types of drivers to choose from. */
export function exporterSchema(types: readonly string[] = driverTypes()): Schema {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Jumpstarter exporter",
    ...section("Which drivers an exporter serves, and how.", {
      apiVersion: { const: "jumpstarter.dev/v1alpha1" },
      kind: { const: "ExporterConfig" },
      metadata: section("Who the exporter is; JMP_NAME and JMP_NAMESPACE fill in what is absent.", {
        name: text("The name that clients and the controller see."),
        namespace: text("The namespace at the controller."),
      }),
      endpoint: text("The controller, host:port."),
      tls: section("How the controller is trusted.", {
        ca: text("The only trusted roots: a PEM bundle in base64."),
        insecure: flag("Trust whatever certificate the controller shows."),
      }),
      token: text("Bearer token for the controller."),
      grpcOptions: {
        description: "Options of the gRPC channels to controller and router.",
        type: ["object", "null"],
        additionalProperties: { type: ["string", "integer"] },
      },
      description: text("Describes the device as a whole."),
      motd: text("Is shown before an interactive shell."),
      export: named("The device tree: drivers by name.", ref("node")),
      hooks: section("What runs before and after a lease.", withSnakeCase(hooks)),
      failureDetection: section(
        "When an exporter that keeps failing gives up.",
        withSnakeCase(rapid),
      ),
      exitOnLeaseEnd: flag("Stop after one lease."),
    }, ["metadata"]),
    definitions: definitions(types),
  };
}

if (import.meta.main) {
  await Deno.writeTextFile(SCHEMA_FILE, `${JSON.stringify(exporterSchema(), null, 2)}\n`);
}
