/** Facts beside a message, by name. */
export type RouterLogFields = Readonly<Record<string, string | number>>;

/** Takes what a router has to tell; tokens are never in it. */
export type LogRouter = (
  severity: "DEBUG" | "INFO" | "WARNING",
  message: string,
  fields: RouterLogFields,
) => void;
