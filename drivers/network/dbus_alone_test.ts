import assert from "node:assert/strict";
import { serve } from "@jumpstarter/exporter/testing";
import { InvalidArgumentError } from "@jumpstarter/lib/errors";
import { copy, fromConnection } from "@jumpstarter/lib/streams";
import { tempDir } from "../../tests/support/programs.ts";
import { start } from "../../tests/support/running.ts";
import { parseBusAddress } from "./dbus_address.ts";
import { DbusNetworkClient } from "./mod.ts";

const TYPE = "jumpstarter_driver_network.driver.DbusNetwork";
const KIND = "jumpstarter.dev/dbusnetwork/kind";

/** Sets a variable, or removes it, until it is disposed. */
function setEnv(name: string, value: string | undefined): Disposable {
  const before = Deno.env.get(name);
  const put = (value: string | undefined) =>
    value === undefined ? Deno.env.delete(name) : Deno.env.set(name, value);
  put(value);
  return { [Symbol.dispose]: () => put(before) };
}

Deno.test("bus addresses are read as D-Bus writes them", () => {
  const tcp = { hostname: "dut", port: 12434 };
  for (
    const [address, place] of [
      ["unix:path=/run/dbus/system_bus_socket", { path: "/run/dbus/system_bus_socket" }],
      ["unix:path=/tmp/a%20b%3d,guid=00ff", { path: "/tmp/a b=" }],
      ["tcp:host=dut,port=12434,family=ipv4", tcp],
      ["unix:abstract=/tmp/x;tcp:host=dut,port=12434", tcp],
    ] as const
  ) {
    assert.deepEqual(parseBusAddress(address, "BUS"), place, address);
  }
});

Deno.test("a bus address that cannot be used is a sentence that says why", () => {
  for (
    const [address, fault] of [
      [
        "/run/bus",
        /cannot find the bus by BUS "\/run\/bus": it names no transport; use unix:path=/,
      ],
      ["autolaunch:", /its transport "autolaunch" is not supported/],
      ["constructor:path=x", /its transport "constructor" is not supported/],
      ["unix:", /"" in it is no key=value/],
      ["unix:path", /"path" in it is no key=value/],
      ["unix:path=", /it has no path/],
      ["unix:abstract=/x", /it has no path/],
      ["unix:path=/%zz", /"path=\/%zz" in it has a "%" that is no escape/],
      ["tcp:port=1", /it has no host/],
      ["tcp:host=dut", /it has no port/],
      ["tcp:host=dut,port=bus", /its port "bus" is no number from 1 to 65535/],
      ["tcp:host=dut,port=70000", /its port "70000" is no number/],
    ] as const
  ) {
    assert.throws(() => parseBusAddress(address, "BUS"), { code: "config", message: fault });
  }
});

Deno.test("DbusNetwork connects to the bus of the exporter's environment, and tells its kind", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/bus`;
  using unix = Deno.listen({ transport: "unix", path });
  using tcp = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using _system = setEnv("DBUS_SYSTEM_BUS_ADDRESS", `unix:path=${path}`);
  using _session = setEnv("DBUS_SESSION_BUS_ADDRESS", `tcp:host=127.0.0.1,port=${tcp.addr.port}`);
  await using board = await serve({
    system: { type: TYPE, config: { kind: "system", labels: { rack: "7" } } },
    session: { type: TYPE, config: { kind: "session" } },
  }, { system: DbusNetworkClient, session: DbusNetworkClient });
  assert.equal(board.system.node.labels.rack, "7");
  for (const [kind, listener] of [["system", unix], ["session", tcp]] as const) {
    assert.equal(board[kind].node.labels[KIND], kind);
    assert.equal(board[kind].kind, kind);
    const served = (async () => {
      await using connection = fromConnection(await listener.accept());
      await copy(connection, connection);
    })();
    await using stream = await board[kind].stream();
    const hello = new TextEncoder().encode("\0AUTH EXTERNAL 30\r\n");
    await stream.write(hello);
    assert.deepEqual(new Uint8Array((await stream.read())!), hello);
    await stream.closeWrite();
    assert.equal(await stream.read(), null);
    await served;
  }
});

Deno.test("DbusNetwork looks where buses usually are when the environment names none", async () => {
  using _system = setEnv("DBUS_SYSTEM_BUS_ADDRESS", undefined);
  using _session = setEnv("DBUS_SESSION_BUS_ADDRESS", "");
  await using board = await serve({
    system: { type: TYPE, config: { kind: "system" } },
    session: { type: TYPE, config: { kind: "session" } },
  }, { system: DbusNetworkClient, session: DbusNetworkClient });
  const places = {
    system: "/run/dbus/system_bus_socket",
    session: `/run/user/${Deno.uid()}/bus`,
  };
  for (const [kind, place] of Object.entries(places)) {
    // A machine with such a bus lets us in; one without says where it was looked for.
    const failure = await board[kind as keyof typeof places].stream().then(
      async (stream) => void await stream[Symbol.asyncDispose](),
      (error: Error) => error.message,
    );
    const isThere = await Deno.stat(place).then(() => true, () => false);
    if (!isThere) {
      assert.match(failure ?? "", new RegExp(`cannot connect to ${place}: no such file`));
    }
  }
});

Deno.test("a bus that cannot be understood fails the start, with the entry's place", async () => {
  using _session = setEnv("DBUS_SESSION_BUS_ADDRESS", "autolaunch:");
  await assert.rejects(
    serve({ bus: { type: TYPE, config: { kind: "session" } } }),
    {
      code: "config",
      message:
        /export\.bus \(DbusNetwork\) cannot start: .* DBUS_SESSION_BUS_ADDRESS "autolaunch:"/,
    },
  );
  for (const config of [{}, { kind: "user" }, { kind: "system", path: "/x" }]) {
    await assert.rejects(serve({ bus: { type: TYPE, config } }), { code: "config" });
  }
});

Deno.test("a kind that the exporter does not tell is an error of the client", async () => {
  await using board = await serve({
    bus: { type: TYPE, config: { kind: "system" } },
  }, { bus: DbusNetworkClient });
  const unknown = new DbusNetworkClient({ ...board.bus.node, labels: { [KIND]: "user" } });
  assert.throws(() => unknown.kind, InvalidArgumentError);
  await assert.rejects(unknown.busForward(), /neither "system" nor "session".*but "user"/);
});

const isInstalled = (program: string) => {
  try {
    new Deno.Command(program, { args: ["--version"], stdout: "null", stderr: "null" }).outputSync();
    return true;
  } catch {
    return false;
  }
};

Deno.test({
  name: "a program talks to the exporter's bus through a forward (needs dbus-daemon and dbus-send)",
  ignore: !isInstalled("dbus-daemon") || !isInstalled("dbus-send"),
  async fn() {
    await using dir = await tempDir();
    const config = `${dir.path}/bus.conf`;
    await Deno.writeTextFile(
      config,
      `<busconfig><type>session</type><listen>unix:path=${dir.path}/bus</listen>
       <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/></policy></busconfig>`,
    );
    await using daemon = start([
      "dbus-daemon",
      `--config-file=${config}`,
      "--nofork",
      "--print-address",
    ]);
    await daemon.shown(/^unix:path=/m);
    using _session = setEnv("DBUS_SESSION_BUS_ADDRESS", `unix:path=${dir.path}/bus`);
    await using board = await serve({
      bus: { type: TYPE, config: { kind: "session" } },
    }, { bus: DbusNetworkClient });
    await using _forward = await board.bus.busForward();
    const args = ["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/"];
    const { success, stdout, stderr } = await new Deno.Command("dbus-send", {
      args: [...args, "org.freedesktop.DBus.ListNames"],
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    assert.match(new TextDecoder().decode(stdout), /string "org\.freedesktop\.DBus"/);
  },
});
