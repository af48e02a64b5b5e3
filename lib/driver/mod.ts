/**
 * For driver authors: the base class of drivers, the decorators that export their methods, and the
 * base class of the clients that call them.
 *
 * @module
 */
export {
  type CallOptions,
  type ClientClass,
  type ClientNode,
  type ClientResource,
  DriverClient,
  type DriverConnection,
} from "./client.ts";
export type { Transferred } from "./counter.ts";
export { Driver, type DriverClass, type DriverContext, type DriverHost } from "./driver.ts";
export {
  type ArgumentsOf,
  checkArguments,
  type DriverMethod,
  type Exported,
  exported,
  type ExportedMethod,
  exportedMethods,
  type MethodContext,
  type MethodDecorator,
  type MethodKind,
  rest,
  wireName,
} from "./exported.ts";
export {
  Logger,
  type LoggerOptions,
  type LogRecord,
  type LogSink,
  type LogSource,
  type RecordOptions,
  SEVERITIES,
  type Severity,
} from "./log.ts";
export {
  type ClientStreamHandle,
  CONTENT_ENCODINGS,
  type ContentEncoding,
  type PresignedRequestHandle,
  type ResourceHandle,
  resourceHandle,
} from "./resource.ts";
export { type Issue, type OutputOf, pathOf, type Result, type Schema } from "./schema.ts";
export {
  download,
  type TransferCall,
  type TransferOptions,
  upload,
  type UploadOptions,
} from "./transfer.ts";
