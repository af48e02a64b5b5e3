import { JumpstarterError } from "../errors.ts";

/** What a Kubernetes API refuses, in its own words. */
export class KubernetesError extends JumpstarterError {
  /** The HTTP status. */
  readonly httpStatus: number;
  /** Its reason, such as `NotFound`. */
  readonly reason: string;

  constructor(httpStatus: number, reason: string, message: string) {
    super("kubernetes", `Error from server (${reason}): ${message}`);
    this.httpStatus = httpStatus;
    this.reason = reason;
  }
}

/** What a server refuses with a `Status`, or with anything else and an HTTP status. */
export function refusal(answer: unknown, httpStatus: number): KubernetesError {
  const { code, reason, message } = Object(answer) as Record<string, unknown>;
  return new KubernetesError(
    typeof code === "number" ? code : httpStatus,
    typeof reason === "string" && reason !== "" ? reason : `HTTP ${httpStatus}`,
    typeof message === "string" && message !== "" ? message : "it does not say why",
  );
}
