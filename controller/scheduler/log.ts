/** Facts beside a message, by name. */
export type LogFields = Readonly<Record<string, string | number>>;

/** Takes what the controller has to tell; tokens are never in it. */
export type Log = (
  severity: "DEBUG" | "INFO" | "WARNING" | "ERROR",
  message: string,
  fields: LogFields,
) => void;
