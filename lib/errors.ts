/** The errors this library throws, each with a stable `code` that callers can tell apart. */

/**
 * The base of every error of the library: a stable `code`, and a message that says what failed, on
 * what, and what to do next.
 *
 * ```ts
 * import { JumpstarterError } from "@jumpstarter/lib/errors";
 *
 * const error = new JumpstarterError("usage", "no image given; name a file");
 * console.log(error.code); // "usage"
 * ```
 */
export class JumpstarterError extends Error {
  /** Names the kind of failure; stable across releases, unlike the message. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** A configuration file, environment variable or flag that cannot be used as it stands. */
export class ConfigError extends JumpstarterError {
  constructor(message: string, options?: ErrorOptions) {
    super("config", message, options);
  }
}

/** A command line that names something that is not there, or leaves out what is needed. */
export class UsageError extends JumpstarterError {
  constructor(message: string, options?: ErrorOptions) {
    super("usage", message, options);
  }
}

/** The exporter cannot be reached, or went away during a call or a stream. */
export class ConnectionError extends JumpstarterError {
  constructor(message: string, options?: ErrorOptions) {
    super("connection", message, options);
  }
}

/** A wait that took longer than its deadline. */
export class TimeoutError extends JumpstarterError {
  constructor(message: string, options?: ErrorOptions) {
    super("timeout", message, options);
  }
}

/** A driver call that failed on the exporter. */
export class DriverError extends JumpstarterError {
  constructor(message: string, options?: ErrorOptions & { code?: string }) {
    super(options?.code ?? "driver", message, options);
  }
}

/** The driver has no such method, or does not offer it on this hardware. */
export class NotImplementedError extends DriverError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, { ...options, code: "not_implemented" });
  }
}

/** An argument that the driver refuses: its type, its value, or how many there are. */
export class InvalidArgumentError extends DriverError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, { ...options, code: "invalid_argument" });
  }
}

/** The exporter is not in a status that allows driver calls. */
export class ExporterNotReadyError extends DriverError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, { ...options, code: "not_ready" });
  }
}

/** A driver client that the allow list (`JMP_DRIVERS_ALLOW`) forbids. */
export class ClientNotAllowedError extends JumpstarterError {
  constructor(message: string, options?: ErrorOptions) {
    super("not_allowed", message, options);
  }
}
