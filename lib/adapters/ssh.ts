import { ConnectionError, JumpstarterError } from "../errors.ts";
import { shellWords } from "../program/shell_words.ts";
import { systemReason } from "../streams/system_reason.ts";
import { runProgram } from "./run_program.ts";
import type { StreamSource } from "./stream_source.ts";
import { TcpForward } from "./tcp_forward.ts";

/** What is done about the key by which a device proves to be itself. */
export type HostKeys = "accept-new" | "known" | "any";

/** The options of `ssh` for each. */
const HOST_KEYS: Readonly<Record<HostKeys, readonly string[]>> = {
  "accept-new": ["StrictHostKeyChecking=accept-new"],
  known: ["StrictHostKeyChecking=yes"],
  any: ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR"],
};

/** Seconds that a device has to answer as an SSH server. */
const CONNECT_TIMEOUT = 30;
/** What `ssh` ends with when it is `ssh` that failed, and not the command on the device. */
const SSH_FAILED = 255;

/** A driver client that leads to an SSH server; its name is one part of the device's. */
export interface SshTarget extends StreamSource {
  /** The key under which the exporter's file holds the driver. */
  readonly name?: string;
}

/** What {@linkcode sshThrough} takes. */
export interface SshOptions {
  /** Who logs in; by default as the user's `ssh` settings say. */
  user?: string;
  /**
   * What is run on the device; without it, a login shell. A text goes to the device's shell as it
   * is; of a list, each word arrives as it stands, whatever is in it.
   */
  command?: string | readonly string[];
  /** More options of `ssh`, for example `["-A"]`. They win over those that are set here. */
  args?: readonly string[];
  /** A private key, and the only one to try. */
  identityFile?: string;
  /** Where keys of devices are kept; by default where `ssh` keeps them. */
  knownHostsFile?: string;
  /**
   * `accept-new` (the default) remembers the key of a device it meets for the first time, and
   * refuses another one later; `known` refuses a device it has not met; `any` takes every key and
   * remembers none: for devices that make themselves a key each time they are flashed.
   */
  hostKeys?: HostKeys;
  /**
   * The name under which the device's key is remembered. By default `NAME.EXPORTER`, from the
   * client's name and `JMP_EXPORTER`, or `NAME.jumpstarter` where the session has no such name. Give
   * each of several devices that share it a name of its own.
   */
  device?: string;
  /** The driver method that opens the byte stream; default `connect`. */
  method?: string;
  /**
   * Whether the program's own input, output and errors are used, as for a login shell. Otherwise
   * what comes is captured.
   */
  inherit?: boolean;
  /** Standard input of the command, where it is not inherited; empty by default. */
  input?: string | Uint8Array<ArrayBuffer>;
  /** The program to run; default `ssh`. */
  program?: string;
  /** Ends the session; the call then fails with the signal's reason. */
  signal?: AbortSignal;
}

/** How a command on a device has ended. */
export interface SshResult {
  /** Its exit status; 255 where `ssh` could not run it, and says why in `stderr`. */
  readonly status: number;
  /** What it wrote to standard output; empty where that is inherited. */
  readonly stdout: string;
  /** What it, and `ssh`, wrote to standard error; empty where that is inherited. */
  readonly stderr: string;
}

/**
 * Runs this machine's `ssh` against a driver's byte stream, through a {@linkcode TcpForward} that is
 * closed when it ends. No shell of this machine is involved. The device's key is verified; see
 * {@linkcode SshOptions.hostKeys}. Needs `--allow-run=ssh`.
 *
 * Fails with `ConnectionError` when the stream cannot be opened, and with `JumpstarterError`
 * (`not_installed`) when there is no `ssh`. A command that fails is no error: look at the status.
 *
 * ```ts
 * import { sshThrough } from "@jumpstarter/lib/adapters";
 * import type { DriverClient } from "@jumpstarter/lib/driver";
 *
 * export async function kernelOf(ssh: DriverClient): Promise<string> {
 *   const { status, stdout, stderr } = await sshThrough(ssh, {
 *     user: "root",
 *     command: ["uname", "-r"],
 *   });
 *   if (status !== 0) throw new Error(stderr);
 *   return stdout.trim();
 * }
 * ```
 */
export async function sshThrough(client: SshTarget, options: SshOptions = {}): Promise<SshResult> {
  const { method, signal, program = "ssh", inherit = false, input } = options;
  signal?.throwIfAborted();
  let refused: unknown;
  await using forward = await TcpForward.listen(client, {
    ...(method === undefined ? {} : { method }),
    onError: (error) => refused ??= error,
  });
  const args = sshArguments(forward.port, deviceOf(client, options), options);
  const result = await runProgram([program, ...args], { inherit, input, signal })
    .catch((cause) => {
      signal?.throwIfAborted();
      throw notRunnable(program, cause);
    });
  signal?.throwIfAborted();
  if (result.status === SSH_FAILED && refused !== undefined) {
    const reason = refused instanceof Error ? refused.message : String(refused);
    throw new ConnectionError(`ssh cannot reach the device: ${reason}`, { cause: refused });
  }
  return result;
}

/** The arguments of `ssh`. Of an option that is there twice, the first counts. */
function sshArguments(port: number, device: string, options: SshOptions): string[] {
  const { user, command, args = [], identityFile, knownHostsFile, hostKeys } = options;
  const set = [`HostKeyAlias=${device}`, ...HOST_KEYS[hostKeys ?? "accept-new"]];
  if (knownHostsFile !== undefined) set.push(`UserKnownHostsFile=${word(knownHostsFile)}`);
  // A connection that is kept for later would outlive the port it goes through.
  set.push(`ConnectTimeout=${CONNECT_TIMEOUT}`, "ControlPath=none");
  return [
    ...["-p", String(port), ...args],
    ...(user === undefined ? [] : ["-l", user]),
    ...(identityFile === undefined ? [] : ["-i", identityFile, "-o", "IdentitiesOnly=yes"]),
    ...set.flatMap((option) => ["-o", option]),
    "127.0.0.1",
    // `ssh` looks for options behind the host, too.
    ...(command === undefined
      ? []
      : ["--", typeof command === "string" ? command : shellWords(...command)]),
  ];
}

/** A name for the file of known hosts, where blanks, commas and wildcards have a meaning. */
function deviceOf(client: SshTarget, { device }: SshOptions): string {
  const exporter = Deno.env.get("JMP_EXPORTER") || "jumpstarter";
  return (device ?? `${client.name || "device"}.${exporter}`).replaceAll(/[^\w.:-]/g, "_");
}

/** One word of a setting of `ssh`, in which `%` starts an escape. */
function word(text: string): string {
  return `"${text.replaceAll("%", "%%").replaceAll(/["\\]/g, "\\$&")}"`;
}

function notRunnable(program: string, cause: unknown): Error {
  if (cause instanceof Deno.errors.NotFound) {
    return new JumpstarterError(
      "not_installed",
      `there is no ${program} on this machine; install an SSH client ` +
        "(package openssh-client on Debian and Ubuntu, openssh-clients on Fedora)",
      { cause },
    );
  }
  return new JumpstarterError("not_runnable", `cannot run ${program}: ${systemReason(cause)}`, {
    cause,
  });
}
