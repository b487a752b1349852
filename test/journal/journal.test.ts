import { spawn } from 'node:child_process';
import { appendFile, mkdtemp, readdir, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal } from '../../src/journal/journal.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'flagstaff-journal-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function linesOf(after?: number): Promise<string[]> {
  const journal = await Journal.open({ directory });
  const lines: string[] = [];
  for await (const line of journal.lines(after)) lines.push(line);
  return lines;
}

describe('a journal', () => {
  it('gives back what was appended, in order, also at the same time', async () => {
    const journal = await Journal.open({ directory, maxSize: 100 });
    const lines = Array.from({ length: 200 }, (_, at) => `line ${at}`);
    await Promise.all(lines.map((line) => journal.append([line])));
    await journal.append(['two', 'at once']);
    await journal.close();
    expect(await linesOf()).toEqual([...lines, 'two', 'at once']);
  });

  it('begins a new file when one is large, and drops old ones when told', async () => {
    const journal = await Journal.open({ directory, maxSize: 20 });
    for (let at = 0; at < 10; at += 1) await journal.append([`line number ${at}`]);
    await journal.close();
    expect((await readdir(directory)).length).toBeGreaterThan(3);
    await journal.drop(2);
    expect((await readdir(directory)).sort()[0]).toBe('000003.ndjson');
  });

  it('leaves out a line that was only half written, and never writes behind it', async () => {
    const journal = await Journal.open({ directory });
    await journal.append(['one', 'two']);
    await journal.close();
    const file = join(directory, '000001.ndjson');
    await truncate(file, 'one\ntw'.length);
    const next = await Journal.open({ directory });
    await next.append(['three']);
    await next.close();
    expect(await linesOf()).toEqual(['one', 'three']);
    expect(await linesOf(1)).toEqual(['three']);
    await appendFile(file, '');
    expect(await readFile(file, 'utf8')).toBe('one\ntw');
  });

  it('begins the next file behind what was appended before', async () => {
    const journal = await Journal.open({ directory });
    const before = journal.append(['before']);
    const rotated = journal.rotate();
    const after = journal.append(['after']);
    expect(await rotated).toBe(1);
    await Promise.all([before, after]);
    await journal.close();
    expect(await readFile(join(directory, '000001.ndjson'), 'utf8')).toBe('before\n');
    expect(await readFile(join(directory, '000002.ndjson'), 'utf8')).toBe('after\n');
  });

  it('refuses what cannot be written, and goes on when it can again', async () => {
    const journal = await Journal.open({ directory });
    await rm(directory, { recursive: true });
    await expect(journal.append(['lost'])).rejects.toThrow('ENOENT');
    const other = await Journal.open({ directory });
    await other.close();
    await journal.append(['kept']);
    await journal.close();
    expect(await linesOf()).toEqual(['kept']);
  });

  it('has files of its own beside another in the same directory', async () => {
    const both = await Promise.all([Journal.open({ directory }), Journal.open({ directory })]);
    const lines = Array.from({ length: 20 }, (_, at) => `line ${at}`);
    await Promise.all(lines.map((line, at) => both[at % 2]?.append([line])));
    await Promise.all(both.map((journal) => journal.close()));
    expect(await readdir(directory)).toHaveLength(2);
    expect((await linesOf()).sort()).toEqual(lines.sort());
  });

  it('undoes what is written and then not confirmed', async () => {
    let isFine = true;
    const confirm = async () => {
      if (!isFine) throw new Error('not any more');
    };
    const journal = await Journal.open({ directory, confirm });
    await journal.append(['one']);
    isFine = false;
    await expect(journal.append(['two'])).rejects.toThrow('not any more');
    isFine = true;
    await journal.append(['three']);
    await journal.close();
    expect(await linesOf()).toEqual(['one', 'three']);
  });

  it('keeps what it resolved for when the process is killed', async () => {
    const program = `
      import { Journal } from ${JSON.stringify(join(import.meta.dirname, '../../dist/journal/journal.js'))};
      const journal = await Journal.open({ directory: ${JSON.stringify(directory)}, maxSize: 4000 });
      for (let at = 0; ; at += 1) {
        await journal.append([JSON.stringify({ at, text: 'x'.repeat(100) })]);
        process.stdout.write(at + '\\n');
      }`;
    for (let round = 0; round < 5; round += 1) {
      await rm(directory, { recursive: true });
      const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let told = '';
      child.stdout.on('data', (chunk: Buffer) => {
        told += chunk;
        if (told.length > 200 * (round + 1)) child.kill('SIGKILL');
      });
      await new Promise((resolve) => child.on('close', resolve));
      const acknowledged = told.slice(0, told.lastIndexOf('\n')).split('\n').map(Number);
      const kept = (await linesOf()).map((line) => (JSON.parse(line) as { at: number }).at);
      expect(kept.slice(0, acknowledged.length)).toEqual(acknowledged);
      expect(kept.length - acknowledged.length).toBeLessThanOrEqual(2);
    }
  });
});
