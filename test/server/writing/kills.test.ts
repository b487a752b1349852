import { expect, it, vi } from 'vitest';
import { compile } from '../../../src/project/compile.js';
import type { Kill } from '../../../src/server/kill/kill.js';
import { Kills } from '../../../src/server/kill/kills.js';
import type { Served } from '../../../src/server/served.js';

const KILL: Kill = {
  flag: 'pay',
  environment: 'production',
  reason: 'INC-7',
  author: { name: 'Ada', email: 'ada@example.com' },
  at: 1000,
  expires: 5000,
};

function served(state: 'on' | 'off'): Served {
  const { snapshot, project } = compile([
    { path: 'flagstaff.yaml', text: 'environments: [production]\n' },
    { path: 'pay.flag.yaml', text: `key: pay\ntype: boolean\nenabled: ${state === 'on'}\ndefault: on\n` },
  ]);
  if (snapshot === undefined || project === undefined) throw new Error('the flags do not pass');
  return {
    snapshot,
    project,
    origin: 'git',
    revision: { version: state, author: '', message: '', at: '' },
    position: { height: 1, history: '0' },
    loadedAt: 0,
    flagVersions: new Map(),
  };
}

/** What is left after states have been served one after the other. */
async function leftAfter(kills: Kills, states: readonly ('on' | 'off')[]): Promise<readonly Kill[]> {
  for (const state of states) {
    kills.overlay(served(state));
    await kills.review(served(state));
  }
  return kills.all;
}

it.each([
  [['on', 'off'], []],
  [['off', 'off'], [KILL]],
  [['off', 'on'], [KILL]],
  [['off', 'on', 'off'], []],
] as const)(
  'a kill that meets a flag that is %j leaves %j: only what it has turned off shows that it is done',
  async (states, left) => {
    const kills = new Kills({ now: () => 2000, changed: () => undefined, failed: () => undefined });
    await kills.add(KILL);
    expect(await leftAfter(kills, states)).toEqual(left);
    kills.close();
  },
);

it('a kill of before a restart stays, though the flag is off: what is served may be older than what others serve', async () => {
  const kills = new Kills({ kept: [KILL], now: () => 2000, changed: () => undefined, failed: () => undefined });
  expect(await leftAfter(kills, ['off'])).toEqual([KILL]);
  expect(await leftAfter(kills, ['on', 'off'])).toEqual([]);
  kills.close();
});

it.each([
  [undefined, []],
  ['unknown', [{ ...KILL, sent: 'unknown' }]],
] as const)('a kill whose time is over before a restart and whose commit is %j leaves %j', async (sent, left) => {
  const kept = [{ ...KILL, ...(sent && { sent }) }];
  const kills = new Kills({ kept, now: () => 6000, changed: () => undefined, failed: () => undefined });
  expect(await leftAfter(kills, ['on'])).toEqual(left);
  kills.close();
});

it('a kill ends by its time once it is known that the branch has not got it', async () => {
  let now = 2000;
  const kills = new Kills({ now: () => now, changed: () => undefined, failed: () => undefined });
  await kills.add(KILL);
  await kills.mark(KILL, 'unknown');
  now = 6000;
  await kills.mark(KILL, undefined);
  await vi.waitFor(() => expect(kills.all).toEqual([]), { timeout: 20_000 });
  kills.close();
});

it('a further kill is in doubt as long as the one before it is', async () => {
  const kills = new Kills({ now: () => 2000, changed: () => undefined, failed: () => undefined });
  await kills.add(KILL);
  const further = { ...KILL, at: 1001 };
  const seen: unknown[] = [];
  for (const [which, sent] of [
    [KILL, 'unknown'],
    [KILL, 'c0ffee'],
    [KILL, 'unknown'],
    [further, 'c0ffee'],
  ] as const) {
    await kills.add(further);
    await kills.mark(which, sent);
    seen.push(kills.all[0]?.sent);
  }
  expect(seen).toEqual(['unknown', undefined, 'unknown', 'c0ffee']);
  kills.close();
});
