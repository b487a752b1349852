import { Counter, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { evaluationCounts, together } from '../../src/lifecycle/evaluation-counts.js';

const HEAD = 'process_start_time_seconds 1000\n# TYPE flagstaff_evaluations_total counter\n';

describe('the evaluations that a server counted', () => {
  it('are added up by flag, over environments, variants and reasons', async () => {
    const registry = new Registry();
    const labelNames = ['environment', 'flag', 'variant', 'reason'];
    const counter = new Counter({ name: 'flagstaff_evaluations_total', help: 'x', labelNames, registers: [registry] });
    const odd = 'on",flag="other\\';
    counter.inc({ environment: 'a', flag: 'one', variant: odd, reason: 'STATIC' }, 2);
    counter.inc({ environment: 'b', flag: 'one', variant: 'off', reason: 'STATIC' }, 3_000_000);
    counter.inc({ environment: 'b', flag: 'two.x', variant: '', reason: 'STATIC' }, 1);
    counter.inc({ environment: 'b', flag: 'two.x', variant: '', reason: 'ARCHIVED' }, 5);
    counter.inc({ environment: 'b', flag: '', variant: '', reason: 'ERROR_FALLBACK' }, 7);
    const text = `process_start_time_seconds 1000.5\n${await registry.metrics()}`;
    expect(evaluationCounts(text)).toEqual({
      since: 1_000_500,
      allSince: 1_000_500,
      byFlag: new Map([
        ['one', 3_000_002],
        ['two.x', 6],
      ]),
      inVain: new Map([['two.x', 5]]),
      unknown: 7,
    });
  });

  it('are none of a server that was not asked yet, and not known of another', () => {
    const nothing = { byFlag: new Map(), inVain: new Map(), unknown: 0 };
    expect(evaluationCounts(HEAD)).toEqual({ since: 1_000_000, allSince: 1_000_000, ...nothing });
    expect(evaluationCounts('process_start_time_seconds 1000\n')).toBeUndefined();
    expect(evaluationCounts('<html>')).toBeUndefined();
  });

  it('of several servers began with the first of them, and are whole since the last', () => {
    const counts = (since: number, key = 'a') => {
      return { since, allSince: since, byFlag: new Map([['a', since]]), inVain: new Map([[key, 1]]), unknown: 1 };
    };
    expect(together([counts(5), counts(3, 'b')])).toEqual({
      since: 3,
      allSince: 5,
      byFlag: new Map([['a', 8]]),
      inVain: new Map([
        ['a', 1],
        ['b', 1],
      ]),
      unknown: 2,
    });
  });
});
