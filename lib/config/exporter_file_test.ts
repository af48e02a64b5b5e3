import assert from "node:assert/strict";
import { type ExporterFile, loadExporterFile, parseExporterFile } from "./exporter_file.ts";
import type { TypedNode } from "./driver_node.ts";

const HEAD = "metadata: {namespace: lab, name: bench-07}\n";

function parse(text: string, variables: Record<string, string> = {}): Promise<ExporterFile> {
  return parseExporterFile("board.yaml", text, { env: (name) => variables[name] });
}

Deno.test("loadExporterFile() reads every field of a file [exporter 7]", async () => {
  const path = await Deno.makeTempFile({ suffix: ".yaml" });
  const text = `apiVersion: jumpstarter.dev/v1alpha1
kind: ExporterConfig
metadata: {namespace: lab, name: bench-07}
endpoint: ctl.lab.example:443
token: "<jwt>"
tls: {ca: "<base64 PEM>", insecure: yes}
grpcOptions: {grpc.keepalive_time_ms: 20000, grpc.lb_policy_name: pick_first, a: "1", b: on}
description: rack 3
motd: |
  Bench 7. Ask #hw before reflashing the bootloader.
export:
  power:
    type: jumpstarter_driver_power.driver.MockPower
    description: main rail
    methods_description: {on: Turn the rail on, "off": Turn it off}
  rack:
    children:
      spare: {type: a.B, config: {host: localhost, ports: [1, 2]}}
  main: {ref: rack.spare}
hooks:
  beforeLease: {script: "j power on", timeout: "15", onFailure: endLease}
  after_lease: {script: x.sh, exec: /bin/bash, on_failure: exit}
failureDetection: {max_rapid_failures: 3, rapidFailureWindow: 30}
exitOnLeaseEnd: true
`;
  try {
    await Deno.writeTextFile(path, text);
    const at = (line: number, key: string) => ({ file: path, line, path: key });
    const none = new Map();
    assert.deepEqual(await loadExporterFile(path, { env: () => undefined }), {
      path,
      name: "bench-07",
      namespace: "lab",
      endpoint: "ctl.lab.example:443",
      token: "<jwt>",
      tls: { ca: "<base64 PEM>", insecure: true },
      grpcOptions: {
        "grpc.keepalive_time_ms": 20000,
        "grpc.lb_policy_name": "pick_first",
        a: "1",
        b: 1,
      },
      description: "rack 3",
      motd: "Bench 7. Ask #hw before reflashing the bootloader.\n",
      export: new Map<string, unknown>([
        ["power", {
          kind: "typed",
          type: "jumpstarter_driver_power.driver.MockPower",
          config: {},
          children: none,
          description: "main rail",
          methodsDescription: { on: "Turn the rail on", off: "Turn it off" },
          at: at(12, "export.power"),
        }],
        ["rack", {
          kind: "group",
          children: new Map([["spare", {
            kind: "typed",
            type: "a.B",
            config: { host: "localhost", ports: [1, 2] },
            children: none,
            methodsDescription: {},
            at: at(18, "export.rack.children.spare"),
          }]]),
          at: at(16, "export.rack"),
        }],
        ["main", { kind: "proxy", ref: "rack.spare", at: at(19, "export.main") }],
      ]),
      hooks: {
        beforeLease: { script: "j power on", timeout: 15_000, onFailure: "endLease" },
        afterLease: { script: "x.sh", exec: "/bin/bash", timeout: 120_000, onFailure: "exit" },
      },
      failureDetection: { maxRapidFailures: 3, rapidFailureWindow: 30_000 },
      exitOnLeaseEnd: true,
      warnings: [],
    });
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("a file that says nothing but its name has the defaults", async () => {
  assert.deepEqual(await parse(HEAD), {
    path: "board.yaml",
    name: "bench-07",
    namespace: "lab",
    tls: { insecure: false },
    grpcOptions: {},
    export: new Map(),
    hooks: {},
    failureDetection: { maxRapidFailures: 5, rapidFailureWindow: 60_000 },
    exitOnLeaseEnd: false,
    warnings: [],
  });
});

Deno.test("null stands for absent where saved files have it", async () => {
  const saved = `apiVersion: jumpstarter.dev/v1alpha1
kind: ExporterConfig
metadata: {namespace: null, name: a}
endpoint: null
tls: {ca: '', insecure: false}
token: null
grpcOptions: null
description: null
motd: null
export: {a: {type: a.B, config: null, methods_description: null, description: null}}
hooks: {beforeLease: null, afterLease: null}
failureDetection: {maxRapidFailures: 5, rapidFailureWindow: 60}
exitOnLeaseEnd: false
`;
  const { export: nodes, ...file } = await parse(saved);
  const { export: _none, namespace: _lab, ...plain } = await parse(HEAD);
  assert.deepEqual(file, { ...plain, name: "a" });
  assert.deepEqual((nodes.get("a") as TypedNode).config, {});
});

Deno.test("JMP_NAME and JMP_NAMESPACE fill in what the file lacks, and no more [exporter 6]", async () => {
  const env = { JMP_NAME: "from-env", JMP_NAMESPACE: "env-lab" };
  const names = ({ name, namespace }: ExporterFile) => [name, namespace];
  assert.deepEqual(names(await parse("metadata: {}", env)), ["from-env", "env-lab"]);
  assert.deepEqual(names(await parse("metadata: {name: a}", env)), ["a", "env-lab"]);
  assert.deepEqual(names(await parse(HEAD, env)), ["bench-07", "lab"]);
  assert.deepEqual(names(await parse("metadata: {name: a, namespace: null}", env)), [
    "a",
    undefined,
  ]);
  await assert.rejects(parse("export: {}", env), /metadata is missing/);
});

Deno.test("keys that other exporters pass over are warnings", async () => {
  const text = `${HEAD}grpcConfig: {a: b}
listen: ":1234"
failure_detection: {}
tls: {mode: x}
export:
  a: {type: a.B, ref: x}
  b: {children: {}, ref: x}
`;
  assert.deepEqual((await parse(text)).warnings, [
    "board.yaml:2: grpcConfig is not a setting and has no effect",
    "board.yaml:3: listen is not a setting and has no effect",
    'board.yaml:4: failure_detection has no effect; it is spelt "failureDetection"',
    "board.yaml:5: tls.mode is not a setting and has no effect",
    'board.yaml:7: export.a.ref has no effect beside "type"',
    'board.yaml:8: export.b.ref has no effect beside "children"',
  ]);
});

Deno.test("a file that is not there, or is no file, is an error that names it", async () => {
  await assert.rejects(loadExporterFile("/nonexistent/board.yaml"), {
    name: "ConfigError",
    message: "/nonexistent/board.yaml: there is no such file",
  });
  const dir = await Deno.makeTempDir();
  try {
    await assert.rejects(loadExporterFile(dir), (error: Error) => {
      assert.equal(error.name, "ConfigError");
      assert.ok(error.message.startsWith(`${dir}: the file cannot be read: `), error.message);
      return true;
    });
  } finally {
    await Deno.remove(dir);
  }
});

/** What stands after the metadata, in line 2 and below, and the error. */
const faults: [string, string][] = [
  ["apiVersion: v2", 'board.yaml:2: apiVersion is "v2", not "jumpstarter.dev/v1alpha1"'],
  ["kind:", 'board.yaml:2: kind is empty, not "ExporterConfig"'],
  ["exprot: {}", 'board.yaml:2: exprot is not a setting. Did you mean "export"?'],
  ["endpoint: 443", "board.yaml:2: endpoint is a number, not text; put it in quotes"],
  ["motd: on", "board.yaml:2: motd is true or false, not text; put it in quotes"],
  ["motd: [a]", "board.yaml:2: motd is a list, not text"],
  ["tls:", "board.yaml:2: tls is empty, not a map"],
  ["tls: {insecure: maybe}", 'board.yaml:2: tls.insecure is "maybe", not true or false'],
  ["tls: {insecur: yes}", 'board.yaml:2: tls.insecur is not a setting. Did you mean "insecure"?'],
  ["grpcOptions: {a: 1.5}", "board.yaml:2: grpcOptions.a is 1.5, not a whole number"],
  ["grpcOptions:\n  a:", "board.yaml:3: grpcOptions.a is empty"],
  ["exitOnLeaseEnd: 2", "board.yaml:2: exitOnLeaseEnd is 2, not true or false"],
  [
    "failureDetection:\n  maxRapidFailures: many",
    'board.yaml:3: failureDetection.maxRapidFailures is "many", not a whole number',
  ],
];

for (const [text, message] of faults) {
  Deno.test(`a file is refused: ${message}`, async () => {
    await assert.rejects(parse(HEAD + text), { name: "ConfigError", message });
  });
}

/** The same for hooks. */
const hookFaults: [string, string][] = [
  ["hooks:", "board.yaml:2: hooks is empty, not a map"],
  ["hooks:\n  beforeLease: j power on", "board.yaml:3: hooks.beforeLease is text, not a map"],
  ["hooks:\n  beforeLease: {}", 'board.yaml:3: hooks.beforeLease has no "script"'],
  [
    "hooks:\n  beforLease: {script: x}",
    'board.yaml:3: hooks.beforLease is not a setting. Did you mean "beforeLease"?',
  ],
  [
    "hooks:\n  beforeLease: {script: x}\n  before_lease: {script: y}",
    "board.yaml:4: hooks.before_lease is here twice, in two spellings",
  ],
  [
    "hooks:\n  afterLease:\n    script: x\n    onFailure: endlease",
    'board.yaml:5: hooks.afterLease.onFailure is "endlease", not "warn", "endLease" or "exit". ' +
    'Did you mean "endLease"?',
  ],
  [
    "hooks:\n  afterLease:\n    script: x\n    timeout: 1.5",
    "board.yaml:5: hooks.afterLease.timeout is 1.5, not a whole number",
  ],
];

for (const [text, message] of hookFaults) {
  Deno.test(`a hook is refused: ${message} [exporter 7]`, async () => {
    await assert.rejects(parse(HEAD + text), { name: "ConfigError", message });
  });
}

/** A whole file, and the error. */
const metadataFaults: [string, string][] = [
  [
    "endpoint: a",
    'board.yaml:1: metadata is missing; it holds the exporter\'s "name" and "namespace"',
  ],
  [
    "kind: ExporterConfig\nmetadata:\n  namespace: lab",
    'board.yaml:2: metadata has no "name", and JMP_NAME is not set',
  ],
  [
    "metadata: {name: a}",
    'board.yaml:1: metadata has no "namespace" (it may be null), and JMP_NAMESPACE is not set',
  ],
  [
    "metadata:\n  name: a\n  labels: {}",
    'board.yaml:3: metadata.labels is not a setting; known are "name", "namespace"',
  ],
  ["metadata: {name: 7}", "board.yaml:1: metadata.name is a number, not text; put it in quotes"],
];

for (const [text, message] of metadataFaults) {
  Deno.test(`metadata is refused: ${message}`, async () => {
    await assert.rejects(parse(text), { name: "ConfigError", message });
  });
}
