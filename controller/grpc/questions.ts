import {
  Health,
  type HealthCheckRequest,
  type HealthCheckResponse,
  type Init,
  type Method,
  ServerReflection,
  type ServerReflectionRequest,
  ServingStatus,
} from "@jumpstarter/proto";
import { RpcError } from "@jumpstarter/lib/rpc";
import { reflect } from "./reflect.ts";

/** A method that answers what it is asked, one question at a time. */
export interface Question<Asked = unknown, Told = unknown> {
  /** The method. */
  readonly method: Method<Asked, Told, boolean, boolean>;
  /** The answer; throws why there is none. */
  answer(asked: Asked): Init<Told> | Promise<Init<Told>>;
}

/** The service by its older name: the same messages. */
const V1ALPHA = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";

/** The questions to a server with these services. */
export function questions(services: readonly string[]): readonly Question[] {
  const info = ServerReflection.serverReflectionInfo;
  const reflections = [info, { ...info, path: V1ALPHA }];
  const all = [Health.check, ...reflections].map(({ path }) => path.split("/")[1]!);
  const served = [...services, ...all].toSorted();
  const health: Question<HealthCheckRequest, HealthCheckResponse> = {
    method: Health.check,
    answer({ service }) {
      if (service !== "" && !served.includes(service)) {
        throw new RpcError("NOT_FOUND", `unknown service ${service}`);
      }
      return { status: ServingStatus.SERVING };
    },
  };
  return [
    health,
    ...reflections.map((method) => ({
      method,
      answer: (asked: ServerReflectionRequest) => reflect(served, asked),
    })),
  ];
}
