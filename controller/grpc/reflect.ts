import { Status } from "@jumpstarter/lib/rpc";
import type { Init, ServerReflectionRequest, ServerReflectionResponse } from "@jumpstarter/proto";
import type { DescribedFile } from "@jumpstarter/proto/descriptors";

type Answer = Omit<Init<ServerReflectionResponse>, "validHost" | "originalRequest">;
type Files = Readonly<Record<string, DescribedFile>>;

/** Answers a question of `grpc.reflection.v1.ServerReflection` to a server with these services. */
export async function reflect(
  services: readonly string[],
  asked: ServerReflectionRequest,
): Promise<Init<ServerReflectionResponse>> {
  const { FILES } = await import("@jumpstarter/proto/descriptors");
  return { validHost: asked.host, originalRequest: asked, ...answer(services, asked, FILES) };
}

function answer(
  services: readonly string[],
  asked: ServerReflectionRequest,
  files: Files,
): Answer {
  const { fileByFilename, fileContainingSymbol } = asked;
  if (asked.listServices !== undefined) {
    return { listServicesResponse: { service: services.map((name) => ({ name })) } };
  }
  if (fileByFilename !== undefined) {
    return told(Object.hasOwn(files, fileByFilename) ? files[fileByFilename] : undefined);
  }
  if (fileContainingSymbol !== undefined) return told(fileOf(fileContainingSymbol, files));
  if (asked.fileContainingExtension ?? asked.allExtensionNumbersOfType) {
    return refused("NOT_FOUND", "messages of proto3 have no extensions");
  }
  return refused("INVALID_ARGUMENT", "nothing is asked");
}

/** The file that defines a name: a message, enum or service, or what is inside of one. */
function fileOf(name: string, files: Files): DescribedFile | undefined {
  const outer = name.replace(/\.[^.]*$/, "");
  return Object.values(files).find(({ symbols }) =>
    symbols.includes(name) || symbols.includes(outer)
  );
}

function told(file: DescribedFile | undefined): Answer {
  if (file === undefined) return refused("NOT_FOUND", "there is no such file or name");
  const descriptor = Uint8Array.fromBase64(file.descriptor);
  return { fileDescriptorResponse: { fileDescriptorProto: [descriptor] } };
}

function refused(code: keyof typeof Status, errorMessage: string): Answer {
  return { errorResponse: { errorCode: Status[code], errorMessage } };
}
