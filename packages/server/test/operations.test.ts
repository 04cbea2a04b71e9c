import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { backUp, restore } from '../src/store/sqlite/backup.ts';
import { checkDatabase } from '../src/store/sqlite/check.ts';
import { databaseIn } from '../src/store/sqlite/place.ts';
import { Person, request } from './support/person.ts';
import { Room } from './support/room.ts';
import { makeFolder, makeServer } from './support/server.ts';
import { connect } from './support/socket.ts';

/** A server with a room of two and some messages in it. */
async function serverWithTalk(options = {}) {
  const server = await makeServer(options);
  const [ann, ben] = [await Person.guest(server.origin), await Person.guest(server.origin)];
  const room = await Room.group(ann, [ben]);
  const socket = await connect(ann);
  const say = async () => {
    socket.send({ t: 'send', ...room.message(ann) });
    return (await socket.take('ack')).position;
  };
  for (let i = 0; i < 5; i++) await say();
  return { ...server, ann, room, say, socket };
}

describe('[D2] backup and restore', () => {
  test('a backup taken while people talk is whole; restored, the server goes on from there', async () => {
    const { dataDir, say, close } = await serverWithTalk();
    const talking = (async () => {
      let last = 0;
      for (let i = 0; i < 100; i++) last = await say();
      return last;
    })();
    const file = join(await makeFolder(), 'deep/backup.sqlite');
    const report = await backUp(dataDir, file);
    expect(report.problems).toEqual([]);
    expect(report.entries).toBeGreaterThanOrEqual(6);
    expect(statSync(file).mode & 0o077).toBe(0);
    const last = await talking;
    await expect(backUp(dataDir, file)).rejects.toThrow(/exists already/);
    await expect(restore(file, dataDir)).rejects.toThrow(/Stop it first/);
    await close();

    const { report: again, kept } = await restore(file, dataDir);
    expect(again).toEqual(report);
    expect(checkDatabase(kept ?? '')).toMatchObject({ entries: last, problems: [] }); // nothing is thrown away
    expect(readdirSync(dataDir).filter((name) => /-wal|-shm|part/.test(name))).toEqual([]);
    const server = await makeServer({ dataDir });
    expect((await request(server.origin, 'GET', '/readyz')).status).toBe(200);
  });

  test('a damaged backup is not restored, and what is there stays', async () => {
    const { dataDir, close } = await serverWithTalk();
    await close();
    const file = join(await makeFolder(), 'backup.sqlite');
    await backUp(dataDir, file);
    const db = new DatabaseSync(file);
    db.exec("UPDATE log SET body = x'00' WHERE position = 3");
    db.close();
    await expect(restore(file, dataDir)).rejects.toThrow(/damaged.*hash chain breaks at entry 3/);
    expect(checkDatabase(databaseIn(dataDir))).toMatchObject({ rooms: 1, entries: 6, problems: [] });
    await expect(restore(`${file}.none`, dataDir)).rejects.toThrow(/no such backup/);
    await expect(backUp(await makeFolder(), `${file}.2`)).rejects.toThrow(/no database/);
    expect(existsSync(`${file}.2`)).toBe(false);
  });
});

describe('[D1] check', () => {
  test.each([
    ['a missing entry', 'DELETE FROM log WHERE position = 4', /entry 4 is missing/],
    ['an altered body', "UPDATE log SET body = x'00' WHERE position = 2", /breaks at entry 2/],
    ['an altered sender', 'UPDATE log SET device = account WHERE position = 5', /breaks at entry 5/],
    ['a lost end', 'DELETE FROM log WHERE position = 6', /ends at 5, its head says 6/],
    ['another head', 'UPDATE rooms SET chain = zeroblob(32)', /head names another chain/],
    [
      'an id that stands twice',
      'UPDATE log SET (id, account, device) = (SELECT id, account, device FROM log WHERE position = 2) WHERE position = 3',
      /two entries stand under the id/,
    ],
    ['a lost header', 'UPDATE headers SET position = 2', /header of epoch 1/],
  ])('finds %s', async (_name, sql, problem) => {
    const { dataDir, close } = await serverWithTalk();
    await close();
    const db = new DatabaseSync(databaseIn(dataDir));
    db.exec(sql);
    db.close();
    expect(checkDatabase(databaseIn(dataDir)).problems.join('\n')).toMatch(problem);
  });

  test('by command: reads beside a running server, and says with its exit code what it found', async () => {
    const { dataDir } = await serverWithTalk();
    const main = fileURLToPath(new URL('../src/operations/main.ts', import.meta.url));
    const run = (...args: string[]) =>
      spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
        env: { ...process.env, SOTTO_DATA: dataDir },
        encoding: 'utf8',
      });
    const good = run('check');
    expect([good.status, good.stdout]).toEqual([
      0,
      'All is well: 1 rooms, 6 entries, every hash chain whole; 0 files of 0 bytes.\n',
    ]);
    const file = join(await makeFolder(), 'b.sqlite');
    expect(run('backup', file).stdout).toContain('Backed up');
    expect(run('check', file).status).toBe(0);
    writeFileSync(file, 'not a database at all');
    expect(run('check', file)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('not a database'),
    });
    expect(run('backup')).toMatchObject({ status: 1, stderr: expect.stringContaining('Name the backup') });
  });
});

describe('metrics', () => {
  test('on a port of their own, and only where asked for', async () => {
    const { origin, metricsPort, say, socket } = await serverWithTalk({ metricsPort: 0 });
    expect((await fetch(`${origin}/metrics`)).headers.get('content-type')).not.toContain('version=0.0.4');
    await say();
    socket.send({ t: 'nonsense' });
    await socket.take('refused');
    const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    expect(text).toMatch(/^sotto_appends_total 6$/m);
    expect(text).toMatch(/^sotto_deliveries_total [67]$/m); // the first epoch's entry came before or after joining
    expect(text).toMatch(/^sotto_connections 1$/m);
    expect(text).toMatch(/^sotto_refusals_total\{code="malformed"\} 1$/m);
    expect(text).toMatch(/^sotto_commit_seconds_count [1-9]/m);
    expect(text).toMatch(/^sotto_commit_messages_sum 6$/m);
    expect(text).toMatch(/^sotto_event_loop_delay_p99_ms \d/m);
    expect(text).toMatch(/^sotto_queue_messages 0$/m);
    expect((await fetch(`http://127.0.0.1:${metricsPort}/`)).status).toBe(404);
    const without = await makeServer();
    expect(without.metricsPort).toBeNull();
  });

  test('/healthz answers as long as the process does, /readyz where it takes work', async () => {
    const { origin } = await makeServer();
    for (const path of ['/healthz', '/readyz', '/api/health']) {
      expect((await request(origin, 'GET', path)).status, path).toBe(200);
    }
  });
});
