import type { ResourceHandle } from "@jumpstarter/lib/driver";

/** A driver that writes images to a device and reads them back. */
export interface FlasherInterface {
  /** Writes an image. `target` names the place on the device, where it has several. */
  flash(source: ResourceHandle, target?: string | null): Promise<void>;
  /** Reads an image back. */
  dump(target: ResourceHandle, partition?: string | null): Promise<void>;
}

/** A driver that connects a storage (an SD card, a USB stick) to the exporter or to the device. */
export interface StorageMuxInterface {
  /** Connects the storage to the exporter. */
  host(): Promise<void> | void;
  /** Connects the storage to the device. */
  dut(): Promise<void> | void;
  /** Disconnects the storage from both. */
  off(): Promise<void> | void;
  /** Writes an image to the storage. */
  write(source: ResourceHandle): Promise<void>;
  /** Reads the storage. */
  read(target: ResourceHandle): Promise<void>;
}

/** Hash functions that a storage offers. */
export type HashAlgorithm = "md5" | "sha256";

/** What a storage knows of a file; the keys are those of the wire. */
export interface Metadata {
  /** How a browser is to show it; not known of local files. */
  content_disposition: string | null;
  /** Bytes; 0 for a folder. */
  content_length: number;
  /** Not known of local files. */
  content_md5: string | null;
  /** Not known of local files. */
  content_type: string | null;
  /** Not known of local files. */
  etag: string | null;
  /** Whether it is a file or a folder. */
  mode: { entry_is_file: boolean; entry_is_dir: boolean };
}

/** An HTTP request by which somebody else may reach a file. */
export interface PresignedRequest {
  /** Where to send the request. */
  url: string;
  /** The HTTP method. */
  method: string;
  /** Headers that must go with it. */
  headers: Record<string, string>;
}

/** What a storage can do, by the names of the wire. */
export type Capability = Record<string, boolean | number | null>;
