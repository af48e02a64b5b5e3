import assert from "node:assert/strict";
import protobuf from "protobufjs";
import descriptor from "protobufjs/ext/descriptor";
import { FILES } from "./gen/descriptors.ts";

Deno.test("files described name all that they import, and read back as what they were", () => {
  const file = Object.entries(FILES).map(([name, { symbols, descriptor: base64 }]) => {
    const read = descriptor.FileDescriptorProto.decode(Uint8Array.fromBase64(base64));
    const { dependency = [] } = read as { dependency?: string[] };
    for (const needed of dependency) assert.ok(Object.hasOwn(FILES, needed), `${name}: ${needed}`);
    assert.ok(symbols.length > 0, name);
    return read;
  });
  const root = protobuf.Root.fromDescriptor(
    descriptor.FileDescriptorSet.encode(descriptor.FileDescriptorSet.fromObject({ file })).finish(),
  );
  root.resolveAll();
  for (const [name, { symbols }] of Object.entries(FILES)) {
    for (const symbol of symbols) assert.ok(root.lookup(symbol), `${name}: ${symbol}`);
  }
  const { methods } = root.lookupService("jumpstarter.v1.ControllerService");
  assert.equal(methods.Dial?.resolvedRequestType?.fullName, ".jumpstarter.v1.DialRequest");
});
