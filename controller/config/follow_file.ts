import { fileChanges } from "@jumpstarter/lib/config";

/** What {@linkcode followFile} takes. */
export interface FollowOptions {
  /** The file. */
  readonly path: string;
  /** Ends the watching. */
  readonly signal: AbortSignal;
  /** Takes what the file says from now on; a rejection leaves all as it was. */
  readonly take: () => Promise<void>;
  /** Is told of a file that is not taken. */
  readonly refused: (error: Error) => void;
}

/**
 * Takes a file anew whenever it changes; one that is wrong is not taken. Settles when the
 * signal is aborted, or the file can be watched no more, and never rejects.
 */
export async function followFile({ path, signal, take, refused }: FollowOptions): Promise<void> {
  try {
    for await (const _ of fileChanges(path, signal)) {
      await take().catch(refused);
    }
  } catch (cause) {
    const { message } = cause as Error;
    refused(new Error(`${path} is watched no more; restart the controller: ${message}`, { cause }));
  }
}
