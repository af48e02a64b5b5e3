import assert from "node:assert/strict";
import { questions } from "./mod.ts";
import type { ServerReflectionRequest, ServerReflectionResponse } from "@jumpstarter/proto";

const all = questions(["jumpstarter.v1.RouterService"]);
const asks = all.find(({ method }) => method.path.startsWith("/grpc.reflection.v1."))!;
const ask = (asked: Partial<ServerReflectionRequest>) =>
  asks.answer({ host: "h", ...asked }) as Promise<ServerReflectionResponse>;
const NOT_FOUND = 5;
const INVALID_ARGUMENT = 3;

Deno.test("reflection lists what is served, itself included [controller 119]", async () => {
  const { listServicesResponse, validHost, originalRequest } = await ask({ listServices: "" });
  assert.deepEqual(listServicesResponse?.service.map(({ name }) => name), [
    "grpc.health.v1.Health",
    "grpc.reflection.v1.ServerReflection",
    "grpc.reflection.v1alpha.ServerReflection",
    "jumpstarter.v1.RouterService",
  ]);
  assert.equal(validHost, "h");
  assert.deepEqual(originalRequest, { host: "h", listServices: "" });
});

Deno.test("reflection finds the file of a name, and of what is inside of it", async () => {
  const file = await ask({ fileByFilename: "jumpstarter/v1/router.proto" });
  const [descriptor] = file.fileDescriptorResponse!.fileDescriptorProto;
  assert.match(new TextDecoder().decode(descriptor), /jumpstarter\/v1\/router\.proto/);
  for (const name of ["RouterService", "RouterService.Stream", "StreamRequest.payload"]) {
    const found = await ask({ fileContainingSymbol: `jumpstarter.v1.${name}` });
    assert.deepEqual(found.fileDescriptorResponse, file.fileDescriptorResponse, name);
  }
});

Deno.test("reflection says what it cannot tell", async () => {
  const rows: [Partial<ServerReflectionRequest>, number][] = [
    [{ fileByFilename: "constructor" }, NOT_FOUND],
    [{ fileContainingSymbol: "jumpstarter.v1.Nothing" }, NOT_FOUND],
    [{ allExtensionNumbersOfType: "jumpstarter.v1.StreamRequest" }, NOT_FOUND],
    [{ fileContainingExtension: { containingType: "a.B", extensionNumber: 1 } }, NOT_FOUND],
    [{}, INVALID_ARGUMENT],
  ];
  for (const [asked, code] of rows) {
    assert.equal((await ask(asked)).errorResponse?.errorCode, code, JSON.stringify(asked));
  }
});
