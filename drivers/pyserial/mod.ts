/**
 * Serial consoles: ports of the exporter's machine, and what stands for them.
 *
 * @module
 */
export { PySerialClient } from "./client.ts";
export { PySerial, type PySerialConfig } from "./driver.ts";
export type { SerialPort } from "./serial_port.ts";
export type { ModemLine } from "./termios.ts";
