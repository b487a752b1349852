import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { DataDirectory } from '../../../src/server/data-directory.js';
import { openExposures } from '../../../src/server/exposures/open.js';
import { Store } from '../../../src/server/store.js';
import { servedOf } from './served.js';

it('a split that does not hold is told once, and named in the status and by a metric', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'flagstaff-watch-'));
  const lines: string[] = [];
  const log = pino({ base: null }, { write: (line: string) => void lines.push(line) });
  const store = new Store();
  store.publish(servedOf('v1'));
  const data = await DataDirectory.hold(dataDir, { port: 0, now: 0, lost: () => undefined });
  const exposures = await openExposures({ data }, store, { now: () => 0, random: Math.random, log });
  if (exposures === undefined) throw new Error('nothing is kept');
  const met = (variant: string, users: number) =>
    Array.from({ length: users }, (_, user) => ({
      flag_key: 'button',
      variant_key: variant,
      user_id: `${variant}${user}`,
      timestamp: '2026-11-22T09:00:00Z',
      reason: 'SPLIT' as const,
      environment: 'production',
      version: 'v1',
    }));
  await exposures.ledger.add({ id: 'a', events: [], exposures: met('grey', 500) });
  await exposures.ledger.add({ id: 'b', events: [], exposures: met('green', 500) });
  await exposures.look();
  expect(lines).toEqual([]);
  await exposures.ledger.add({ id: 'c', events: [], exposures: met('grey', 2000) });
  await exposures.look();
  await exposures.look();
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('the split of `button` in production does not hold: see `flagstaff exposures button`');
  expect(exposures.status()).toMatchObject({ skewed: [{ flag: 'button', environment: 'production' }] });
  expect(exposures.gauges()).toContainEqual(
    expect.objectContaining({ name: 'flagstaff_experiments_skewed', value: 1 }),
  );
  store.publish(servedOf('v2', 'state: archived\n'));
  await exposures.look();
  expect(exposures.status()).toMatchObject({ skewed: [] });
  await exposures.close();
  await data.release();
  await rm(dataDir, { recursive: true, force: true });
});
