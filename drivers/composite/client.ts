import { DriverClient } from "@jumpstarter/lib/driver";

/** A group of drivers: its children are what there is to use. */
export class CompositeClient extends DriverClient {
  static override readonly labels: readonly string[] = [
    "jumpstarter_driver_composite.client.CompositeClient",
  ];
}
