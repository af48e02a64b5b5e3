/** Something that happened to an object. */
export interface Happening {
  /** How bad it is. */
  readonly type: "Normal" | "Warning";
  /** Why, as one word for programs. */
  readonly reason: string;
  /** What happened, as a sentence for people. */
  readonly message: string;
  /** Who tells it: a part of the controller. */
  readonly component: string;
}
