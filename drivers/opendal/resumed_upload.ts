import {
  type CallOptions,
  type DriverClient,
  type TransferCall,
  type TransferOptions,
  type Transferred,
  upload,
} from "@jumpstarter/lib/driver";
import { NotImplementedError } from "@jumpstarter/lib/errors";
import { formatBytes, type ImageSource } from "@jumpstarter/lib/streams";
import type { PartialImage } from "./partial_image.ts";

/**
 * Sends of a file what has not arrived at the driver before, and says where that begins. `place` are
 * the arguments that name the place on the device, `whole` is the call that writes all of an image.
 */
export async function resumedUpload(
  client: DriverClient,
  file: ImageSource,
  { place, whole }: { place: readonly string[]; whole: TransferCall },
  options: TransferOptions,
): Promise<Transferred> {
  const { onNote = console.warn } = options;
  const fromStart = (reason: string) => onNote(`${reason}: the image is sent from its start`);
  const partial = await partialImage(client, place, options);
  if (typeof partial === "string") {
    await fromStart(partial);
    return await upload(client, file, whole, options);
  }
  const { size, sha256 } = partial;
  return await upload(client, file, async (handle, call, offset) => {
    if (offset > 0) {
      await onNote(`${formatBytes(offset)} have arrived before: the rest is sent`);
      return await client.invoke("flash_at", [handle, offset, ...place], call);
    }
    await fromStart("what has arrived before is not the beginning of this image");
    return await whole(handle, call, offset);
  }, { ...options, arrived: { bytes: size, sha256 } });
}

/** What has arrived of an image that broke off, or why there is nothing. */
async function partialImage(
  client: DriverClient,
  place: readonly string[],
  options: CallOptions,
): Promise<PartialImage | string> {
  try {
    const partial = await client.invoke("partial", place, options) as PartialImage | null;
    return partial === null || partial.size === 0 ? "nothing has arrived before" : partial;
  } catch (error) {
    // Exporters of other kinds do not know the method.
    if (error instanceof NotImplementedError) return "this exporter cannot resume a flash";
    throw error;
  }
}
