import { errno, errorText } from "../libc.ts";
import { libc } from "./libc.ts";

// From <asm-generic/termbits.h> and <asm-generic/ioctls.h>: the same on x86-64 and arm64.
const TCGETS2 = 0x802c542an;
const TCSETS2 = 0x402c542bn;
const TIOCMBIS = 0x5416n;
const TIOCMBIC = 0x5417n;
const TCIFLUSH = 0;
const LINES = { dtr: 2, rts: 4 } as const;

const CBAUD = 0o010017;
const CIBAUD = 0o02003600000;
/** "The rate stands in the speed fields." */
const BOTHER = 0o010000;
/** Rates with a code of their own, by code; other programs read only those. */
// deno-fmt-ignore
const CODED_RATES = [
  0, 50, 75, 110, 134, 150, 200, 300, 600, 1200, 1800, 2400, 4800, 9600, 19_200, 38_400,
];
/** The same from code 0o010001 on. */
// deno-fmt-ignore
const CODED_HIGH_RATES = [
  57_600, 115_200, 230_400, 460_800, 500_000, 576_000, 921_600, 1_000_000, 1_152_000, 1_500_000,
  2_000_000, 2_500_000, 3_000_000, 3_500_000, 4_000_000,
];
const CSIZE = 0o60;
const CS8 = 0o60;
const CSTOPB = 0o100;
const CREAD = 0o200;
const PARENB = 0o400;
const HUPCL = 0o2000;
const CLOCAL = 0o4000;
const CRTSCTS = 0o20000000000;

/** Where the fields of `struct termios2` lie. */
const Field = { iflag: 0, oflag: 4, cflag: 8, lflag: 12, vtime: 17 + 5, vmin: 17 + 6 };
const ISPEED = 36;
const OSPEED = 40;
const SIZE = 44;

/** A line that a host drives beside the data. */
export type ModemLine = "dtr" | "rts";

/** Makes the terminal raw: 8 data bits, no parity, 1 stop bit, no flow control; drops old input. */
export function makeRaw(fd: number, baudrate: number): void {
  change(fd, (settings) => {
    settings.setUint32(Field.iflag, 0, true);
    settings.setUint32(Field.oflag, 0, true);
    settings.setUint32(Field.lflag, 0, true);
    const kept = settings.getUint32(Field.cflag, true) &
      ~(CBAUD | CIBAUD | CSIZE | CSTOPB | PARENB | CRTSCTS);
    settings.setUint32(Field.cflag, (kept | rateCode(baudrate) | CS8 | CREAD | CLOCAL) >>> 0, true);
    settings.setUint8(Field.vtime, 0);
    settings.setUint8(Field.vmin, 1);
    settings.setUint32(ISPEED, baudrate, true);
    settings.setUint32(OSPEED, baudrate, true);
  });
  libc().tcflush(fd, TCIFLUSH);
}

/** Keeps the modem lines as they are when the port is closed, so that the device is not reset. */
export function keepLinesAtClose(fd: number): void {
  change(fd, (settings) => {
    const cflag = settings.getUint32(Field.cflag, true);
    settings.setUint32(Field.cflag, (cflag & ~HUPCL) >>> 0, true);
  });
}

/** Raises or lowers a modem line. */
export function setLine(fd: number, line: ModemLine, isOn: boolean): void {
  const bits = new Uint8Array(Int32Array.of(LINES[line]).buffer);
  ioctl(fd, isOn ? TIOCMBIS : TIOCMBIC, bits);
}

function rateCode(baudrate: number): number {
  const high = CODED_HIGH_RATES.indexOf(baudrate);
  return high >= 0 ? BOTHER + 1 + high : Math.max(CODED_RATES.indexOf(baudrate), 0) || BOTHER;
}

function change(fd: number, edit: (settings: DataView) => void): void {
  const settings = new Uint8Array(SIZE);
  ioctl(fd, TCGETS2, settings);
  edit(new DataView(settings.buffer));
  ioctl(fd, TCSETS2, settings);
}

function ioctl(fd: number, request: bigint, data: Uint8Array<ArrayBuffer>): void {
  if (libc().ioctl(fd, request, data) === -1) throw new Error(errorText(errno()));
}
