/** Command lines of `j` of every sort, and what is said of them; see `cold_and_warm_test.ts`. */

/** A command line of `j`, and what comes of it. */
export interface Line {
  /** `WAY` is another word for each of the two ways, for what can be done only once. */
  line: string;
  status?: number;
  stdout?: string | RegExp;
  stderr?: string | RegExp;
  /** Standard input. */
  input?: string | Uint8Array;
  /** What follows the command in a shell: a pipe, or where its streams come from. */
  shell?: string;
  /** Additions to the environment. */
  env?: Record<string, string>;
  /** The command goes on until it has said this; then comes the signal. */
  shown?: RegExp;
  signal?: Deno.Signal;
  /** The two ways are not tried at the same time. */
  isAlone?: boolean;
}

/** All bytes there are, a few hundred times. */
const binary: Uint8Array = new Uint8Array(100_000).map((_, index) => index * 7 % 256);

const help: Line[] = [
  { line: "", stdout: /^├─ power {4,}on off cycle read/m },
  { line: "--help", stdout: /^usage: j <name> … <command> …\n/ },
  { line: "--log-level DEBUG power on", stdout: "" },
  { line: "--log-level LOUD power on", status: 1, stderr: /^error: --log-level takes one of/ },
  { line: "power --help", stdout: /^usage: j power <command> …\n/ },
  { line: "power cycle --help", stdout: /^Usage: j power cycle \[options\]/ },
  { line: "rack", status: 1, stderr: /^usage: j rack <command> …\n/ },
  { line: "rack --help", stdout: /^ {2}spare {2}on off/m },
  { line: "fan --help", stdout: /^ {2}call .*\n {2}stream /m },
  { line: "fan call --help", stdout: /^Usage: j fan call/ },
  { line: "scripts --help", stdout: /^ {2}three .*\n {2}both /m },
  { line: "--complete -- pow", stdout: /^power\t/ },
  { line: "--complete -- power cycle --w", stdout: /^--wait\t/ },
];

const refused: Line[] = [
  { line: "power", status: 1, stderr: /^usage: j power/ },
  { line: "power onn", status: 1, stderr: /did you mean "on"\?\n$/ },
  { line: "nope", status: 1, stderr: /^error: "j" has no command "nope"; it has power, / },
  { line: "--nope", status: 1, stderr: /^error: "j" has no option "--nope"/ },
  { line: "rack spar on", status: 1, stderr: /did you mean "spare"\?\n$/ },
  { line: "power on --fast", status: 1, stderr: /^error: unknown option '--fast'/ },
  { line: "power on twice", status: 1, stderr: /^error: too many arguments/ },
  { line: "power read -n many", status: 1, stderr: /^error: "many" is not a whole number/ },
  { line: "power rescue", status: 1, stderr: /^error: the driver does not offer "rescue"/ },
  { line: "echo address", status: 1, stderr: /^error: the exporter does not tell the address/ },
  { line: "echo forward-tcp", status: 1, stderr: /^error: missing required argument/ },
  { line: "echo forward-tcp 70000", status: 1, stderr: /^error: "70000" is not a whole number/ },
  { line: "tcp forward-unix /nonexistent/socket", status: 1, stderr: /^error: cannot listen on / },
  { line: "loop start-console", status: 1, stderr: /^error: a console needs a terminal/ },
  { line: "loop pipe --append", status: 1, stderr: /^error: .*--append/ },
  {
    line: "power on",
    env: { JUMPSTARTER_HOST: "" },
    status: 1,
    stderr: "error: the j command must be used inside a jmp shell: JUMPSTARTER_HOST not set\n",
  },
  {
    line: "power on",
    env: { JUMPSTARTER_HOST: "/nonexistent/socket" },
    status: 1,
    stderr: /^error: no exporter answers at \/nonexistent\/socket/,
  },
  { line: "power on", env: { JMP_DRIVERS_ALLOW: "acme.*" }, status: 1, stderr: /has no command/ },
  {
    line: "power on",
    env: { JMP_DRIVERS_ALLOW: "acme.*,[z-a]" },
    status: 1,
    stderr: /^error: "\[z-a\]" in JMP_DRIVERS_ALLOW is no pattern/,
  },
  { line: "fan call level", env: { JMP_DRIVERS_ALLOW: "acme.*" }, stdout: "3\n" },
];

const power: Line[] = [
  { line: "power on", stdout: "" },
  { line: "power off", stdout: "" },
  { line: "power read", stdout: /^voltage=0\.0 V .*\nvoltage=5\.0 V .*\n$/ },
  { line: "power cycle -w 0", stdout: "Power cycling with 0 seconds wait time...\n" },
  { line: "rack spare on", stdout: "" },
  { line: "main read", stdout: /^voltage=0\.0 V/ },
  { line: "tcp address --host", stdout: "127.0.0.1\n" },
  { line: "mux host", stdout: "" },
  { line: "mux off", stdout: "" },
];

const generic: Line[] = [
  { line: "fan call level", stdout: "3\n" },
  { line: 'fan call same {"a":[1,2.5,null,"ü"]}', stdout: '{"a":[1,2.5,null,"ü"]}\n' },
  { line: "fan call count", stdout: "1\n2\n" },
  { line: "fan call nope", status: 1, stderr: /^error: the driver does not offer "nope"/ },
  { line: "fan call same text", status: 1, stderr: /^error: "text" is no JSON; a text needs/ },
  { line: "fan call level 1", status: 1, stderr: /^error: / },
  { line: "fan call fail", status: 1, stderr: /^error: .*the fan is stuck\n$/ },
  { line: "fan call breakOff", status: 1, stdout: "", stderr: /^error: / },
  { line: "fan call break_off", status: 1, stdout: "1\n", stderr: /^error: .*broken off\n$/ },
  { line: "fan stream loop", input: "back and forth", stdout: "back and forth" },
  { line: "fan stream loop", input: binary, shell: "| sha256sum", stdout: /^[0-9a-f]{64} {2}-\n$/ },
  { line: "fan stream nope", input: "", status: 1, stderr: /^error: / },
];

const scripts: Line[] = [
  { line: "scripts three", status: 3, stdout: "out\n", stderr: "err\n" },
  { line: "scripts both -x --long y", stdout: "-x --long y\n" },
  { line: "scripts both -e WORD=hello", stdout: "hello\n" },
  { line: "scripts large", shell: "| wc -c", stdout: /^ *20000000\n$/ },
  { line: "scripts large", shell: "| head -c 1", status: 141, stdout: "x", stderr: "" },
];

const serial: Line[] = [
  { line: "answer pipe", input: "hello\n", stdout: "HELLO\n", stderr: /the port was closed\n$/ },
  { line: "loop pipe --no-output", input: "hello\n", stdout: "", stderr: /all is sent\n$/ },
  { line: "loop pipe --no-output", shell: "</", status: 1, stderr: /Is a directory/ },
  { line: "loop pipe --no-output", shell: "<&-" },
];

const images: Line[] = [
  { line: "flasher dump ../nothing.img", status: 1, stderr: /^error: .*nothing was flashed/ },
  { line: "flasher flash --verify ../image.img", stderr: /^✓ written and verified: 0\.3 MB in / },
  { line: "flasher dump dumped.img", stderr: /^✓ read: 0\.3 MB in .*sha256 [0-9a-f]{64}\n$/ },
  { line: "flasher flash -", input: "an image", stderr: /^✓ written: 0\.0 MB in / },
  { line: "flasher dump -", stdout: "an image", stderr: /^✓ read: / },
  { line: "flasher flash - --verify", input: binary, stderr: /^✓ written and verified: 0\.1 MB/ },
  { line: "flasher dump -", shell: "| sha256sum", stdout: /^[0-9a-f]{64} {2}-\n$/ },
  { line: "flasher flash -t rootfs:../image.img", stderr: /^✓ written: 0\.3 MB in / },
  { line: "flasher dump -t nope -", status: 1, stderr: /^error: .*nothing was flashed to "nope"/ },
  { line: "flasher flash ../missing.img", status: 1, stderr: /^error: cannot read .*missing\.img/ },
  { line: "flasher flash -", shell: "</", status: 1, stderr: /^error: reading .* Is a directory/ },
  { line: "flasher flash", status: 1, stderr: /FILE argument is required/ },
  { line: "flasher flash ..", status: 1, stderr: /^error: / },
  { line: "flasher flash --fast ../image.img", status: 1, stderr: /^error: unknown option/ },
  {
    line: "board storage flash ../image.img",
    isAlone: true, // it is written to by one at a time
    status: 1,
    stderr: /^error: .*(full|space|capacity)/,
  },
];

const files: Line[] = [
  { line: "files write-bytes a/note", input: "some text", stdout: "" },
  { line: "files read-bytes a/note", stdout: "some text" },
  { line: "files write-from-path a/image ../image.img", stderr: /^✓ written: 0\.3 MB/ },
  { line: "files read-into-path a/image read.img", stderr: /^✓ read: 0\.3 MB/ },
  { line: "files read-bytes a/image", stdout: /^x{300000}$/ },
  { line: "files stat a/note", stdout: /"content_length": 9/ },
  { line: "files hash a/note --algo md5", stdout: "552e21cd4cd9918678e3c1a0df491bc3\n" },
  { line: "files copy a/note WAY/note", stdout: "" },
  { line: "files rename WAY/note WAY/renamed", stdout: "" },
  { line: "files scan WAY/", stdout: /^WAY\/renamed$/m },
  { line: "files list a/", stdout: /^a\/note$/m },
  { line: "files exists WAY/renamed" },
  { line: "files exists WAY/note", status: 1, stdout: "", stderr: "" },
  { line: "files create-dir c/", stdout: "" },
  { line: "files create-dir c", status: 1, stderr: /the path of a folder ends with \// },
  { line: "files delete WAY/renamed", stdout: "" },
  { line: "files remove-all WAY/", stdout: "" },
  { line: "files stat WAY/note", status: 1, stderr: /cannot stat "WAY\/note": No such file/ },
  { line: "files read-bytes ../outside", status: 1, stderr: /outside the storage's root/ },
  { line: "files presign-read a/note", status: 1, stderr: /URLs for its files/ },
  { line: "files capability", stdout: /"presign": false/ },
];

/** Where a forward listens is another place each time: see `comparable()`. */
const FORWARD = /^127\.0\.0\.1:PORT\n$/;

const ended: Line[] = [
  { line: "echo forward-tcp 0", shown: /^127/, signal: "SIGINT", status: 2, stdout: FORWARD },
  { line: "echo forward-tcp 0", shown: /^127/, signal: "SIGHUP", status: 2, stdout: FORWARD },
  { line: "echo forward-unix", shown: /^\//, signal: "SIGTERM", status: 2, stdout: "SOCKET\n" },
  { line: "echo forward-unix WAY.sock", shown: /sock\n/, signal: "SIGINT", status: 2 },
  { line: "loop pipe", shown: /^copying/, signal: "SIGINT", status: 2, stdout: "" },
  { line: "power cycle -w 60", shown: /^Power/, signal: "SIGTERM", status: 2, stderr: "" },
  { line: "power read -n 0 -i 60", shown: /=5\.0/, signal: "SIGINT", status: 2, stderr: "" },
  { line: "fan call endless", shown: /^1\n/, signal: "SIGINT", status: 2, stderr: "" },
  { line: "fan stream loop", shown: /^hello/, signal: "SIGTERM", status: 2, input: "hello" },
  { line: "scripts slow", shown: /^at it\n/, signal: "SIGINT", status: 2, stderr: "" },
  { line: "power read -n 0 -i 0", shell: "| head -n 1", status: 141, stderr: "" },
];

/** Everything that `j` prints is the same whoever carries it out; only times and places differ. */
export const lines: readonly Line[] = [
  ...help,
  ...refused,
  ...power,
  ...generic,
  ...scripts,
  ...serial,
  ...images,
  ...files,
  ...ended,
];
