import * as v from "valibot";
import type { ResourceHandle, Schema } from "@jumpstarter/lib/driver";

/** What has arrived of an image whose transfer broke off. */
export interface PartialImage {
  /** Bytes. */
  size: number;
  /** Lower-case hex. */
  sha256: string;
}

/** A driver with which an interrupted flash can be taken up again; an extension of ours. */
export interface ResumableFlasher {
  /** What has arrived of the last image, when it broke off. */
  partial(target?: string | null): Promise<PartialImage | null>;
  /** Writes the rest of that image, which begins at byte `offset`. */
  flashAt(source: ResourceHandle, offset: number, target?: string | null): Promise<void>;
}

/** Where the rest of an image begins, bytes. */
export const offset: Schema<number> = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
