// Made from grpc/reflection/v1/reflection.proto by `deno task proto`; do not edit.
import type { Codec } from "../codec.ts";
import { field, message, oneof, optional, repeated } from "../message.ts";
import { bidiStream, type Method } from "../service.ts";

/** One question. */
export interface ServerReflectionRequest {
  /** The host that is asked. */
  host: string;
  /** The file with this name. */
  fileByFilename?: string;
  /** The file that defines what has this full name. */
  fileContainingSymbol?: string;
  /** The file that defines an extension. */
  fileContainingExtension?: ExtensionRequest;
  /** The numbers of all extensions of the message with this full name. */
  allExtensionNumbersOfType?: string;
  /** The services; what is said is of no account. */
  listServices?: string;
}
/** One question. */
export const ServerReflectionRequest: Codec<ServerReflectionRequest> = message(
  "grpc.reflection.v1.ServerReflectionRequest",
  () => [
    field(1, "host", "string"),
    ...oneof("message_request", [
      optional(3, "fileByFilename", "string"),
      optional(4, "fileContainingSymbol", "string"),
      optional(5, "fileContainingExtension", ExtensionRequest),
      optional(6, "allExtensionNumbersOfType", "string"),
      optional(7, "listServices", "string"),
    ]),
  ],
);

/** Names an extension of a message. */
export interface ExtensionRequest {
  /** The full name of the message. */
  containingType: string;
  /** The number of the extension. */
  extensionNumber: number;
}
/** Names an extension of a message. */
export const ExtensionRequest: Codec<ExtensionRequest> = message(
  "grpc.reflection.v1.ExtensionRequest",
  () => [
    field(1, "containingType", "string"),
    field(2, "extensionNumber", "int32"),
  ],
);

/** One answer. */
export interface ServerReflectionResponse {
  /** The host that was asked. */
  validHost: string;
  /** The question. */
  originalRequest?: ServerReflectionRequest;
  /** The file that was asked for. */
  fileDescriptorResponse?: FileDescriptorResponse;
  /** The services. */
  listServicesResponse?: ListServiceResponse;
  /** Why there is no other answer. */
  errorResponse?: ErrorResponse;
}
/** One answer. */
export const ServerReflectionResponse: Codec<ServerReflectionResponse> = message(
  "grpc.reflection.v1.ServerReflectionResponse",
  () => [
    field(1, "validHost", "string"),
    optional(2, "originalRequest", ServerReflectionRequest),
    ...oneof("message_response", [
      optional(4, "fileDescriptorResponse", FileDescriptorResponse),
      optional(6, "listServicesResponse", ListServiceResponse),
      optional(7, "errorResponse", ErrorResponse),
    ]),
  ],
);

/** A file. */
export interface FileDescriptorResponse {
  /** Messages of the type google.protobuf.FileDescriptorProto. */
  fileDescriptorProto: Uint8Array[];
}
/** A file. */
export const FileDescriptorResponse: Codec<FileDescriptorResponse> = message(
  "grpc.reflection.v1.FileDescriptorResponse",
  () => [
    repeated(1, "fileDescriptorProto", "bytes"),
  ],
);

/** Services. */
export interface ListServiceResponse {
  /** One of each. */
  service: ServiceResponse[];
}
/** Services. */
export const ListServiceResponse: Codec<ListServiceResponse> = message(
  "grpc.reflection.v1.ListServiceResponse",
  () => [
    repeated(1, "service", ServiceResponse),
  ],
);

/** A service. */
export interface ServiceResponse {
  /** Its full name. */
  name: string;
}
/** A service. */
export const ServiceResponse: Codec<ServiceResponse> = message(
  "grpc.reflection.v1.ServiceResponse",
  () => [
    field(1, "name", "string"),
  ],
);

/** Why a question has no answer. */
export interface ErrorResponse {
  /** A status code of gRPC. */
  errorCode: number;
  /** A sentence. */
  errorMessage: string;
}
/** Why a question has no answer. */
export const ErrorResponse: Codec<ErrorResponse> = message(
  "grpc.reflection.v1.ErrorResponse",
  () => [
    field(1, "errorCode", "int32"),
    field(2, "errorMessage", "string"),
  ],
);

/** Tells the services of a server, and the files that define them. */
export type ServerReflection = {
  /** Answers any number of questions, in their order. */
  readonly serverReflectionInfo: Method<
    ServerReflectionRequest,
    ServerReflectionResponse,
    true,
    true
  >;
};
/** Tells the services of a server, and the files that define them. */
export const ServerReflection: ServerReflection = {
  serverReflectionInfo: bidiStream(
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    ServerReflectionRequest,
    ServerReflectionResponse,
  ),
};
