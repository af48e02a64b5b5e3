import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { clientNamed, leaseNamed, ownedBy } from "../contract/subject.ts";
import { UnavailableError } from "../errors.ts";
import { openSqliteStore } from "../sqlite.ts";

const HOLDER = new URL("../testing/holder.ts", import.meta.url);

/** Runs a test with the path of a file that is not there yet. */
function withPath(name: string, test: (path: string) => Promise<void>): void {
  Deno.test(name, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await test(`${folder}/store.db`);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

async function refusal(path: string): Promise<string> {
  try {
    await using _store = await openSqliteStore(path);
  } catch (error) {
    assert.ok(error instanceof UnavailableError, String(error));
    return error.message;
  }
  throw new Error("the store was opened");
}

withPath("a store has the objects and the version it was closed with", async (path) => {
  let version: string;
  {
    await using store = await openSqliteStore(path);
    await store.clients.create(clientNamed("lab", "alice"));
    await store.leases.create(leaseNamed("lab", "l1"));
    await store.leases.delete("lab", "l1");
    version = (await store.clients.list()).resourceVersion;
  }
  await using store = await openSqliteStore(path);
  const { items, resourceVersion } = await store.clients.list();
  assert.deepEqual(items.map(({ metadata }) => metadata.name), ["alice"]);
  assert.equal(resourceVersion, version);
  const watch = store.clients.watch({ resourceVersion });
  await store.clients.delete("lab", "alice");
  const { value } = await watch.next();
  assert.equal(value.type, "DELETED");
  await watch.return?.();
});

withPath(
  "every file of a store is the owner's alone, also one that was open to others",
  async (path) => {
    await Deno.writeTextFile(path, "", { mode: 0o644 });
    await using store = await openSqliteStore(path);
    await store.clients.create(clientNamed("lab", "alice"));
    const folder = path.replace(/\/[^/]*$/, "");
    const files = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    assert.deepEqual(files, ["store.db", "store.db-shm", "store.db-wal", "store.db.lock"]);
    for (const name of files) {
      assert.equal((await Deno.stat(`${folder}/${name}`)).mode! & 0o777, 0o600, name);
    }
  },
);

withPath("another process is refused, and told who has the store", async (path) => {
  const holder = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "-q", HOLDER.href, path],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const reader = holder.stdout.getReader();
  await reader.read();
  assert.equal(
    await refusal(path),
    `"${path}" is in use by process ${holder.pid}; stop it first, or name another file`,
  );
  holder.kill("SIGKILL");
  await holder.status;
  await reader.cancel();
  await holder.stdin.close().catch(() => {});
  await using store = await openSqliteStore(path);
  assert.deepEqual((await store.clients.list()).items, []);
});

withPath("a store is opened once in a process, too", async (path) => {
  await using _store = await openSqliteStore(path);
  assert.match(await refusal(path), new RegExp(`is in use by process ${Deno.pid}; stop it first`));
});

withPath("a file of a newer version is refused, and left as it is", async (path) => {
  {
    await using store = await openSqliteStore(path);
    await store.clients.create(clientNamed("lab", "alice"));
  }
  const change = (sql: string) => {
    using database = new DatabaseSync(path);
    database.exec(sql);
  };
  change("INSERT INTO migrations VALUES (1000, datetime('now'))");
  assert.equal(
    await refusal(path),
    `"${path}" has format 1000, and this jmp-controller knows formats up to 1; use the newer one, ` +
      "or restore a backup from before it",
  );
  change("DELETE FROM migrations WHERE version = 1000");
  await using store = await openSqliteStore(path);
  assert.equal((await store.clients.list()).items.length, 1);
});

withPath("what is no store is refused, and named", async (path) => {
  await Deno.writeTextFile(path, "not a database ".repeat(500));
  assert.match(await refusal(path), /store\.db": it is not a SQLite database; name another file/);
  await Deno.remove(path);
  using database = new DatabaseSync(path);
  database.exec("CREATE TABLE theirs (a)");
  await Deno.chmod(path, 0o644);
  assert.match(
    await refusal(path),
    /store\.db" is a SQLite database, but not one of jmp-controller/,
  );
  assert.match(
    await refusal(`${path}/nowhere`),
    /nowhere\.lock" cannot be opened: Not a directory/,
  );
});

withPath("a damaged file is refused, and named", async (path) => {
  {
    await using store = await openSqliteStore(path);
    const drafts = Array.from({ length: 200 }, (_, index) => leaseNamed("lab", `l${index}`));
    await Promise.all(drafts.map((draft) => store.leases.create(draft)));
  }
  using file = await Deno.open(path, { read: true, write: true });
  const { size } = await file.stat();
  for (let at = 8192; at < size; at += 4096) {
    await file.seek(at, Deno.SeekMode.Start);
    await file.write(new Uint8Array(512).fill(0xa5));
  }
  assert.match(await refusal(path), /store\.db.*damaged.*restore a backup/);
});

withPath(
  "what a crash left of an owner's things is collected when the store opens",
  async (path) => {
    {
      await using store = await openSqliteStore(path);
      const client = await store.clients.create(clientNamed("lab", "alice"));
      for (let index = 0; index < 60; index++) {
        await store.secrets.create({
          metadata: { namespace: "lab", name: `s${index}`, ownerReferences: [ownedBy(client)] },
        });
      }
    }
    {
      using database = new DatabaseSync(path);
      database.exec("DELETE FROM objects WHERE plural = 'clients'");
    }
    await using store = await openSqliteStore(path);
    assert.deepEqual((await store.secrets.list()).items, []);
  },
);

withPath("a write that the disk refuses fails alone, and is not told to watches", async (path) => {
  await using store = await openSqliteStore(path);
  const { resourceVersion } = await store.clients.list();
  const watch = store.clients.watch({ resourceVersion });
  {
    using blocker = new DatabaseSync(path);
    blocker.exec("BEGIN IMMEDIATE");
    await assert.rejects(store.clients.create(clientNamed("lab", "blocked")), {
      name: "UnavailableError",
      message: /store\.db": another program writes to it; stop that program \(database is locked\)/,
    });
    blocker.exec("ROLLBACK");
  }
  await store.clients.create(clientNamed("lab", "alice"));
  const { value } = await watch.next();
  assert.equal(value.object.metadata.name, "alice");
  assert.equal((await store.clients.list()).items.length, 1);
  await watch.return?.();
});

withPath("a store that is closed says so", async (path) => {
  const store = await openSqliteStore(path);
  const writes = [store.clients.create(clientNamed("lab", "alice"))];
  await store[Symbol.asyncDispose]();
  await Promise.all(writes);
  await assert.rejects(store.clients.list(), UnavailableError);
  await assert.rejects(store.clients.create(clientNamed("lab", "bob")), UnavailableError);
  await store[Symbol.asyncDispose]();
});
