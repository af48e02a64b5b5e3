import * as assert from "node:assert/strict";
import { loadCluster } from "./mod.ts";

const CA = "-----BEGIN CERTIFICATE-----\n";
const KEY = "-----BEGIN PRIVATE KEY-----\n";
const AUTHORITY = `certificate-authority-data: ${btoa(CA)}`;

/** A kubeconfig, changed in places. */
function kubeconfig(changes: { cluster?: string; user?: string; context?: string } = {}): string {
  const {
    cluster = `{server: "https://lab:8084/", ${AUTHORITY}}`,
    user = "{token: secret}",
    context = "{cluster: lab, user: admin, namespace: here}",
  } = changes;
  return `apiVersion: v1
kind: Config
current-context: lab
clusters: [{name: lab, cluster: ${cluster}}]
users: [{name: admin, user: ${user}}]
contexts: [{name: lab, context: ${context}}]
`;
}

async function withFiles(
  files: Record<string, string>,
  use: (dir: string) => Promise<void>,
): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${dir}/${name}`, text);
    }
    await use(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("a kubeconfig says where the API is, whom to trust, and how to log in", async () => {
  await withFiles({ config: kubeconfig() }, async (dir) => {
    const file = `${dir}/config`;
    const expected = { server: "https://lab:8084", namespace: "here", ca: CA, token: "secret" };
    assert.deepEqual(await loadCluster({ kubeconfig: file }), { ...expected, file });
    const env = (name: string) => name === "KUBECONFIG" ? `${dir}/none:${file}` : undefined;
    assert.deepEqual(await loadCluster({ env }), { ...expected, file });
  });
});

Deno.test("certificates and tokens may be in files beside it", async () => {
  const cluster = "{server: https://lab, certificate-authority: ca.pem}";
  const user = "{tokenFile: token, client-certificate: c.pem, client-key: k.pem}";
  const files = {
    config: kubeconfig({ cluster, user }),
    "ca.pem": CA,
    token: "secret\n",
    "c.pem": CA,
    "k.pem": KEY,
  };
  await withFiles(files, async (dir) => {
    const found = await loadCluster({ kubeconfig: `${dir}/config` });
    assert.equal(found.ca, CA);
    assert.equal(found.token, "secret");
    assert.deepEqual(found.identity, { cert: CA, key: KEY });
  });
});

Deno.test("a kubeconfig may ask for less, where no secret is at stake", async () => {
  const open = {
    config: kubeconfig({
      cluster: "{server: http://localhost:8001}",
      context: "{cluster: lab}",
    }),
  };
  await withFiles(open, async (dir) => {
    const file = `${dir}/config`;
    const expected = { server: "http://localhost:8001", file };
    assert.deepEqual(await loadCluster({ kubeconfig: file }), expected);
  });
});

Deno.test("how the server is reached and verified is taken over", async () => {
  const ways: [text: string, expected: Record<string, unknown>][] = [
    ["insecure-skip-tls-verify: true", { isUnverified: true }],
    ["tls-server-name: lab.example.com", { serverName: "lab.example.com" }],
    ["proxy-url: http://proxy:3128", { proxy: "http://proxy:3128" }],
  ];
  for (const [text, expected] of ways) {
    const config = kubeconfig({ cluster: `{server: https://lab, ${text}}` });
    await withFiles({ config }, async (dir) => {
      const { server, token, namespace, file: _, ...rest } = await loadCluster({
        kubeconfig: `${dir}/config`,
      });
      assert.deepEqual([server, token, namespace, rest], [
        "https://lab",
        "secret",
        "here",
        expected,
      ]);
    });
  }
});

Deno.test("of several files, the first that has a name counts", async () => {
  const other = kubeconfig().replaceAll("lab", "other").replace("current-context: other\n", "");
  await withFiles({ a: other, b: kubeconfig() }, async (dir) => {
    const env = (name: string) => name === "KUBECONFIG" ? `${dir}/a:${dir}/b` : undefined;
    assert.equal((await loadCluster({ env })).server, "https://lab:8084");
    assert.equal((await loadCluster({ env, context: "other" })).server, "https://other:8084");
  });
});

Deno.test("a kubeconfig that cannot be used says why", async () => {
  const bad: [text: string, message: RegExp][] = [
    ["a: [", /is not YAML/],
    ["[]", /is no kubeconfig/],
    ["{}", /no current context/],
    [kubeconfig().replace("current-context: lab", "current-context: lap"), /did you mean "lab"/],
    [kubeconfig({ context: "{user: admin}" }), /context "lab" has no "cluster"/],
    [kubeconfig({ context: "{cluster: x, user: admin}" }), /there is no cluster "x"/],
    [kubeconfig({ cluster: "{server: 'http://lab'}" }), /is not an https URL/],
    [kubeconfig({ cluster: "{server: lab:8084}" }), /"lab:8084" is not a URL/],
    [kubeconfig({ cluster: "{}" }), /the cluster has no "server"/],
    [kubeconfig({ context: "{cluster: lab, user: x}" }), /there is no user "x"/],
    [
      kubeconfig({
        cluster: `{server: 'https://lab', insecure-skip-tls-verify: true, ${AUTHORITY}}`,
      }),
      /do not go together/,
    ],
    [
      kubeconfig({
        cluster: "{server: 'https://lab', tls-server-name: x, proxy-url: 'http://proxy'}",
      }),
      /proxy-url does not go with/,
    ],
    [kubeconfig({ user: "{token: secret, as: root}" }), /logging in by "as" is not supported/],
    [
      kubeconfig({ cluster: "{server: 'https://lab', certificate-authority-data: '%'}" }),
      /certificate-authority-data is not base64/,
    ],
    [
      kubeconfig({ cluster: "{server: 'https://lab', certificate-authority: config}" }),
      /certificate-authority is no PEM text/,
    ],
    [
      kubeconfig({ cluster: "{server: 'https://lab', certificate-authority: none.pem}" }),
      /cannot read .*none\.pem/,
    ],
    [kubeconfig({ user: "{exec: {command: aws}}" }), /logging in by "exec" is not supported/],
    [kubeconfig({ user: `{client-key-data: ${btoa(KEY)}}` }), /go together/],
  ];
  for (const [text, message] of bad) {
    await withFiles({ config: text }, async (dir) => {
      await assert.rejects(loadCluster({ kubeconfig: `${dir}/config` }), (error: Error) => {
        assert.equal(error.name, "ConfigError");
        assert.match(error.message, message);
        assert.ok(!error.message.includes("secret"));
        return true;
      });
    });
  }
  await assert.rejects(loadCluster({ kubeconfig: "/none" }), /cannot read kubeconfig \/none/);
  await assert.rejects(loadCluster({ env: () => undefined }), /there is no kubeconfig/);
});
