/** Users of an OpenID Connect issuer, who log in with the peer's `jmp login`, at our controller. */
import * as assert from "node:assert/strict";
import { dirname } from "node:path";
import { serveWeb } from "../../controller/serve_web.ts";
import { TestLab } from "../support/lab.ts";
import { issuersOf } from "../support/issuers.ts";
import { OidcIssuer } from "../support/oidc_issuer.ts";
import { run } from "../support/programs.ts";
import { peer } from "./peer.ts";
import { leasesOf, PythonEnds } from "./python_ends.ts";

const ANY = { kind: "tcp", hostname: "127.0.0.1", port: 0 } as const;

/** A lab whose users come from an issuer, and a home for one of them. */
async function open() {
  await using stack = new AsyncDisposableStack();
  const issuer = stack.use(await OidcIssuer.start());
  const issuers = await issuersOf([{
    issuer: {
      url: issuer.url,
      audiences: ["jumpstarter-cli"],
      certificateAuthority: issuer.ca,
    },
    claimMappings: { username: { claim: "preferred_username", prefix: "dex:" } },
  }]);
  const lab = stack.use(await TestLab.start({ settings: { issuers, provisioning: true } }));
  const web = stack.use(
    await serveWeb(lab.controller, {
      host: "127.0.0.1",
      metricsListen: undefined,
      loginListen: ANY,
      loginEndpoint: undefined,
      log: () => {},
    }),
  );
  const home = `${lab.dir}/home`;
  const trusted = `${lab.dir}/trusted.pem`;
  await Deno.mkdir(home);
  const own = lab.controller.identity.ca;
  await Deno.writeTextFile(trusted, await Deno.readTextFile(issuer.ca) + own);
  const program = (await peer()).jmp;
  const env = {
    HOME: home,
    XDG_CONFIG_HOME: `${home}/.config`,
    SSL_CERT_FILE: trusted,
    COLUMNS: "400",
    PATH: `${dirname(program)}:${Deno.env.get("PATH")}`,
  };
  const login = web.login!.replace(/^https:\/\/|\/$/g, "");
  const held = stack.move();
  return {
    lab,
    issuer,
    login,
    jmp: (...words: string[]) => run([program, ...words], { env }),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

Deno.test("users of an issuer log in with a password, get a client, and lease [controller 106, 123]", async () => {
  await using bench = await open();
  const { lab, issuer, login } = bench;
  issuer.users.set("ann", {
    password: "s3cret",
    claims: { preferred_username: "ann@example.com" },
  });
  const jmp = async (...words: string[]) => {
    const { status, stdout, stderr } = await bench.jmp(...words);
    assert.equal(status, 0, stdout + stderr);
    return stdout;
  };
  const to = [`ann-example-com@${login}`, "--nointeractive", "--unsafe", "--username", "ann"];
  const wrong = await bench.jmp("login", ...to, "--password", "guess");
  assert.notEqual(wrong.status, 0);
  assert.deepEqual((await lab.store.clients.list()).items, []);

  const said = await jmp("login", ...to, "--password", "s3cret");
  assert.match(said, /Retrieved CA certificate from login service/);
  const python = await PythonEnds.at(lab);
  await using _serving = await python.serve(await lab.exporter("e1", { board: "x" }));
  assert.match(await jmp("get", "exporters"), /e1/);
  const client = await lab.store.clients.get("lab", "ann-example-com");
  assert.equal(client.spec.username, "dex:ann@example.com");
  const shell = await jmp("shell", "-l", "board=x", "--", "sh", "-c", "j power on && echo done");
  assert.match(shell, /^done$/m);
  assert.equal((await leasesOf(lab))[0]!.spec.clientRef.name, "ann-example-com");
  assert.ok(lab.log.every((line) => !line.includes("s3cret")));
});

Deno.test("users log in with a token of the issuer, and only as themselves [controller 106]", async () => {
  await using bench = await open();
  const { lab, issuer, login } = bench;
  issuer.users.set("bob", { password: "", claims: { preferred_username: "bob" } });
  const token = await issuer.sign({ sub: "bob", aud: "somebody" });
  const words = ["--nointeractive", "--unsafe", "--token", token];
  for (const [name, isLetIn] of [["bob", true], ["ann", false]] as const) {
    const { status, stdout, stderr } = await bench.jmp("login", `${name}@${login}`, ...words);
    assert.equal(status, 0, stdout + stderr);
    const asked = await bench.jmp("get", "exporters", "--client", name);
    assert.equal(asked.status === 0, isLetIn, asked.stdout + asked.stderr);
    if (!isLetIn) assert.match(asked.stderr, /resource name mismatch/);
  }
  const { items } = await lab.store.clients.list();
  assert.deepEqual(items.map(({ metadata }) => metadata.name), ["bob"]);
});
