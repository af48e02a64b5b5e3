import type { IssuerConfig } from "../auth/mod.ts";
import type { Page, Pages } from "./web_server.ts";

/** What somebody has to know who logs in. */
export interface LoginFacts {
  /** Where users find this page, as they type it: `login.example.com`. */
  readonly loginEndpoint: string;
  /** The controller, `host:port`. */
  readonly endpoint: string;
  /** Its router; empty for none. */
  readonly routerEndpoint: string;
  /** The namespace that is served. */
  readonly namespace: string;
  /** The certificates to trust, PEM; empty for those of the system. */
  readonly ca: string;
  /** The external issuers. */
  readonly issuers: readonly IssuerConfig[];
}

/** By this name the command line is known to issuers. */
const CLIENT_ID = "jumpstarter-cli";

/** The page that says how to log in, and the file that `jmp login` reads. */
export function loginPages(facts: () => LoginFacts): Pages {
  return {
    "/": () => ({ type: "text/html; charset=utf-8", text: landing(facts()) }),
    "/v1/auth/config": () => json(authConfig(facts())),
    "/healthz": () => ({ type: "text/plain", text: "ok" }),
  };
}

/** What `jmp login` reads; empty members are left out. */
function authConfig(facts: LoginFacts): Record<string, unknown> {
  const { endpoint, routerEndpoint, namespace, ca, issuers } = facts;
  return {
    grpcEndpoint: endpoint,
    ...(routerEndpoint && { routerEndpoint }),
    namespace,
    ...(ca && { caBundle: new TextEncoder().encode(ca).toBase64() }),
    ...(issuers.length > 0 && {
      oidc: issuers.map(({ issuer: { url, audiences } }) => ({
        issuer: url,
        clientId: CLIENT_ID,
        audiences,
      })),
    }),
  };
}

function landing(facts: LoginFacts): string {
  const { loginEndpoint, endpoint, routerEndpoint, namespace, issuers } = facts;
  const rows: readonly [string, string][] = [
    ["Controller", endpoint],
    ["Router", routerEndpoint],
    ["Namespace", namespace],
    ...issuers.map(({ issuer }): [string, string] => ["Issuer", issuer.url]),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Jumpstarter</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 3rem auto; padding: 0 1rem; }
pre { background: #f2f2f2; padding: 1rem; overflow-x: auto; }
th { text-align: left; padding-right: 2rem; font-weight: normal; color: #555; }
</style>
</head>
<body>
<h1>Jumpstarter</h1>
<p>Log in to this lab from your terminal:</p>
<pre>jmp login ${escape(`<user>@${loginEndpoint}`)}</pre>
<table>
${
    rows.filter(([, value]) => value !== "").map(([name, value]) =>
      `<tr><th>${escape(name)}</th><td><code>${escape(value)}</code></td></tr>`
    ).join("\n")
  }
</table>
</body>
</html>
`;
}

function json(value: unknown): Page {
  return { type: "application/json", text: `${JSON.stringify(value)}\n` };
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ESCAPES[char]!);
}
