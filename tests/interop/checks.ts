/**
 * What the scripts check, by driver: `check_*.py` in our shell, `script/*.ts` in theirs, both under
 * the same names.
 */
export const checks = {
  composite: [
    "the tree has every entry in the order of the file, groups and proxies included",
    "labels and descriptions come through",
    "a proxy is the driver it names, and a proxy of a group has all of it",
    "what is written through a proxy is read through the driver",
  ],
  power: [
    "on() and off() give nothing back",
    "read() gives both readings",
    "cycle() switches off and on",
    "rescue() is not implemented",
    "the synchronous supply does the same",
  ],
  network: [
    "tcp carries bytes both ways",
    "tcp carries on after the client has ended its side",
    "tcp carries on after the server has ended its side",
    "tcp gives each stream a connection of its own",
    "tcp is forwarded to a TCP port and to a Unix socket",
    "tcp tells its address, unless that is hidden",
    "unix carries bytes both ways",
    "unix carries on after the client has ended its side",
    "unix carries on after the server has ended its side",
    "unix is forwarded to a TCP port and to a Unix socket",
    "unix has no address",
    "echo gives back each chunk as it came, and then the end",
    "echo is forwarded to a TCP port and to a Unix socket",
    "a stream to where nobody listens fails, and the session goes on",
  ],
  serial: [
    "loop:// gives back what is written, to each stream its own",
    "socket:// carries bytes both ways",
    "a terminal carries bytes both ways",
    "a terminal carries all 256 bytes unchanged",
    "a terminal takes a dialogue",
    "set_dtr() and set_rts() work where there are such lines",
    "set_dtr() and set_rts() of a pseudo-terminal, which has none, fail in the driver",
    "close() ends the stream that is open, and the port can be opened again",
  ],
  files: [
    "10 MiB go there and back",
    "a file on the client goes there and back",
    "the exporter fetches a URL",
    "a file is written in pieces, and read from where it is",
    "seek() and tell() count from the start, from here and from the end",
    "a file says what it can do, and whether it is closed",
    "stat() tells files from folders",
    "hash() knows md5 and sha256",
    "copy(), rename(), delete(), exists()",
    "create_dir() and remove_all()",
    "list() stays in the folder, scan() goes below",
    "capability() has every key",
    "presign_stat(), presign_read() and presign_write() are refused",
    "created resources are counted, and registered ones",
  ],
  flasher: [
    "10 MiB are flashed and dumped",
    "each partition keeps its own image",
    "nothing at all is flashed and dumped",
    "a gzip image is stored plain, and dumped as gzip",
    "the exporter fetches a URL",
    "a dump of what was never flashed fails",
  ],
  messages: [
    "udp keeps the bounds of datagrams",
    "udp tells its address",
    "websocket carries messages both ways",
    "websocket tells its URL",
  ],
  mux: [
    "a fresh storage is empty",
    "1 MB is written and read",
    "host(), dut() and off() give nothing back",
    "a flasher behind a mux flashes and dumps",
    "a flasher behind a mux takes no target",
  ],
  shell: [
    "the methods are there in order, with their descriptions",
    "a script gets its arguments and variables, and gives both outputs and its status",
    "a script that takes too long returns 199",
    "unknown methods, empty scripts, blocked variables and arguments that are no texts are refused",
  ],
  errors: [
    "every faulty call ends with its status",
    "the client raises the error that fits the status",
    "the session goes on after them",
  ],
  session: [
    "GetStatus says that the lease is ready",
    "the log has what a driver says",
    "the client's log stream hands it on",
    "EndSession has no lease to end, and the session goes on",
  ],
} as const satisfies Record<string, readonly string[]>;

/** A driver, or what all drivers share. */
export type Group = keyof typeof checks;

/** What the Python client checks of our simulated board, which the peer does not have. */
export const boardChecks = [
  "the parts stand at the top under their own client classes",
  "10 MiB are flashed and dumped",
  "without power the web server refuses",
  "pexpect sees the boot log, logs in, and reads the image's hash",
  "the power supply measures a running board",
  "the web server is reached through a forward",
  "after a power cycle it boots again",
] as const;
