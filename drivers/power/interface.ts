/** What a supply measures at one moment. On the wire an object with these two keys. */
export interface PowerReading {
  /** Volts. */
  readonly voltage: number;
  /** Amperes. */
  readonly current: number;
}

/** What every driver that switches power exports; its client is `PowerClient`. */
export interface PowerInterface {
  /** Switches the power on. */
  on(): Promise<void> | void;
  /** Switches the power off. */
  off(): Promise<void> | void;
  /** Measures: a few readings, or one after the other until the client has enough. */
  read(): AsyncGenerator<PowerReading>;
}
