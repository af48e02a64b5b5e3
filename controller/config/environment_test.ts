import * as assert from "node:assert/strict";
import { readEnvironment } from "./mod.ts";

const read = (variables: Record<string, string>) => readEnvironment((name) => variables[name]);

Deno.test("the environment says what it says to a Go controller", () => {
  assert.deepEqual(read({ HOME: "/root", NAMESPACE: "", EXTERNAL_CERT_PEM: "" }), {
    start: {},
    names: [],
  });
  const { names, ...said } = read({
    NAMESPACE: "lab",
    GRPC_ENDPOINT: "grpc.lab.example.com:443",
    GRPC_ROUTER_ENDPOINT: "router.lab.example.com:443",
    LOGIN_ENDPOINT: "login.lab.example.com",
    LOGIN_SERVICE_PORT: "8086",
    EXTERNAL_CERT_PEM: "/tls/tls.crt",
    EXTERNAL_KEY_PEM: "/tls/tls.key",
    CA_BUNDLE_PEM: "-----BEGIN CERTIFICATE-----",
    ROUTER_KEY: "r",
    CONTROLLER_KEY: "c",
  });
  assert.equal(names.length, 10);
  assert.deepEqual(said, {
    start: {
      namespace: "lab",
      endpoint: "grpc.lab.example.com:443",
      routerEndpoint: "router.lab.example.com:443",
      loginEndpoint: "login.lab.example.com",
      loginListen: ":8086",
      certificate: {
        cert: "/tls/tls.crt",
        key: "/tls/tls.key",
        ca: "-----BEGIN CERTIFICATE-----",
      },
    },
    routerKey: "r",
    controllerKey: "c",
  });
});

Deno.test("a variable that cannot be used is named", () => {
  for (const name of ["GRPC_ENDPOINT", "GRPC_ROUTER_ENDPOINT", "LOGIN_SERVICE_PORT"]) {
    assert.throws(() => read({ [name]: "lab" }), {
      name: "UsageError",
      message: new RegExp(`^${name}: "lab" is no HOST:PORT; `),
    });
  }
});
