import assert from "node:assert/strict";
import { backupSqliteStore, restoreSqliteStore } from "./backup.ts";
import { clientNamed } from "./contract/subject.ts";
import { UnavailableError } from "./errors.ts";
import { openSqliteStore } from "./sqlite.ts";

async function namesIn(path: string): Promise<string[]> {
  await using store = await openSqliteStore(path);
  return (await store.clients.list()).items.map(({ metadata }) => metadata.name);
}

function withFolder(name: string, test: (folder: string) => Promise<void>): void {
  Deno.test(name, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await test(folder);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

withFolder(
  "a backup is made while the store is in use, and is the owner's alone",
  async (folder) => {
    await using store = await openSqliteStore(`${folder}/store.db`);
    await store.clients.create(clientNamed("lab", "before"));
    const writing = Promise.all(
      Array.from(
        { length: 500 },
        (_, index) => store.clients.create(clientNamed("lab", `w${index}`)),
      ),
    );
    await backupSqliteStore(`${folder}/store.db`, `${folder}/backup.db`);
    await writing;
    assert.equal((await Deno.stat(`${folder}/backup.db`)).mode! & 0o777, 0o600);
    assert.equal((await namesIn(`${folder}/backup.db`)).includes("before"), true);
    await assert.rejects(
      backupSqliteStore(`${folder}/store.db`, `${folder}/backup.db`),
      /backup\.db" exists already; name another file for the backup/,
    );
    await assert.rejects(
      backupSqliteStore(`${folder}/none.db`, `${folder}/other.db`),
      /none\.db" does not exist/,
    );
  },
);

withFolder(
  "a restored store is the one of the backup; the other stays beside it",
  async (folder) => {
    const [path, saved] = [`${folder}/store.db`, `${folder}/backup.db`];
    {
      await using store = await openSqliteStore(path);
      await store.clients.create(clientNamed("lab", "old"));
      await backupSqliteStore(path, saved);
      await store.clients.create(clientNamed("lab", "new"));
      await assert.rejects(restoreSqliteStore(saved, path), /store\.db" is in use by process/);
    }
    await restoreSqliteStore(saved, path);
    assert.deepEqual(await namesIn(path), ["old"]);
    assert.deepEqual(await namesIn(`${path}.before-restore`), ["new", "old"]);
    assert.deepEqual(await namesIn(saved), ["old"]);
    await restoreSqliteStore(saved, `${folder}/elsewhere.db`);
    assert.deepEqual(await namesIn(`${folder}/elsewhere.db`), ["old"]);
  },
);

withFolder("what is no backup is not restored, and the store stays", async (folder) => {
  const path = `${folder}/store.db`;
  {
    await using store = await openSqliteStore(path);
    await store.clients.create(clientNamed("lab", "alice"));
  }
  await Deno.writeTextFile(`${folder}/bad.db`, "no database ".repeat(500));
  await assert.rejects(restoreSqliteStore(`${folder}/bad.db`, path), UnavailableError);
  assert.deepEqual(await namesIn(path), ["alice"]);
});
