import { Driver, type Schema } from "@jumpstarter/lib/driver";
import * as v from "valibot";

/** A group of drivers; it does nothing itself. The root of every exporter is one. */
export class Composite extends Driver {
  static override readonly client = "jumpstarter_driver_composite.client.CompositeClient";
  static override readonly driverType = "composite";
  /** Nothing to set; whatever is there is ignored. */
  static override readonly config: Schema = v.unknown();
}
