import fc from 'fast-check';
import { expect, it } from 'vitest';
import { reasonOf } from '../../src/history/reason.js';
import { commitMessage, oneLine } from '../../src/write/message.js';

const commit = (message: string, ...trailers: { key: string; value: string }[]) =>
  ({ message: message.trim(), trailers }) as unknown as Parameters<typeof reasonOf>[0];

it.each([
  ['rollout to 25%', undefined],
  ['rollout to 25%\n\nIt went well.\n\nSo on.', 'It went well.\n\nSo on.'],
  ['several things\n\n- one\n- two', '- one\n- two'],
  ['a: on and 1 more\n\n- on\n- off', undefined],
  ['a: on and 1 more\n\n- on\n- off\n\nSince it works.', 'Since it works.'],
])('%j says %j why', (message, reason) => {
  expect(reasonOf(commit(message))).toBe(reason);
});

it('stands in a trailer, if anywhere', () => {
  const trailers = [{ key: 'reason', value: 'because' }];
  expect(reasonOf(commit('a: on\n\nSo\n\nReason: because', ...trailers))).toBe('because');
  expect(reasonOf(commit('a: on\n\nSo\n\nKill: x', { key: 'Kill', value: 'x' }))).toBe('So');
});

it('is not what has changed, in whatever words', () => {
  const word = fc.string({ maxLength: 90 }).filter((text) => oneLine(text) !== '');
  fc.assert(
    fc.property(fc.array(word, { maxLength: 4 }), (changes) => {
      expect(reasonOf(commit(commitMessage('checkout.one-page', changes)))).toBeUndefined();
    }),
  );
});
