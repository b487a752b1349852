import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifiersOf } from '../../src/codegen/identifiers.js';

/** Keys of few letters, so that they often get in each other's way. */
const key = fc.stringMatching(/^[abA1][-._abA1]{0,4}$/).filter((text) => !text.includes('..'));
const keys = fc.uniqueArray(key, { selector: (text) => text.toLowerCase(), maxLength: 12 });

function nameOf(text: string): string | undefined {
  return identifiersOf([text]).identifiers.get(text);
}

describe('the names of flags in code', () => {
  it.each([
    ['checkout.one-page', 'checkoutOnePage'],
    ['new_checkout', 'newCheckout'],
    ['NewCheckout', 'newCheckout'],
    ['2fa', '_2fa'],
    ['default', 'default_'],
    ['boolean-flag', 'booleanFlag_'],
    ['a', 'a'],
    ['trailing-', 'trailing'],
  ])('%s is %s', (text, name) => {
    expect(nameOf(text)).toBe(name);
  });

  it('spells out the separators of keys that would share a name, and says so', () => {
    const { identifiers, clashes } = identifiersOf(['a-b', 'a.b', 'a_b', 'aB', 'c-d']);
    expect([...identifiers.values()]).toEqual(['a_dash_b', 'a_dot_b', 'a_underscore_b', 'aB_', 'cD']);
    expect(clashes).toEqual([{ identifier: 'aB', keys: ['a-b', 'a.b', 'a_b', 'aB'] }]);
  });

  it('are identifiers, and no two are the same', () => {
    fc.assert(
      fc.property(keys, (some) => {
        const names = [...identifiersOf(some).identifiers.values()];
        expect(new Set(names).size).toBe(some.length);
        expect(names.filter((name) => !/^[A-Za-z_$][\w$]*$/.test(name))).toEqual([]);
      }),
    );
  });

  it('may vanish when flags come or flags go, but never pass to another flag', () => {
    fc.assert(
      fc.property(keys, fc.nat(), (all, count) => {
        const names = new Map([...identifiersOf(all).identifiers].map(([flag, name]) => [name, flag]));
        const some = all.slice(0, count % (all.length + 1));
        for (const [flag, name] of identifiersOf(some).identifiers) expect(names.get(name) ?? flag).toBe(flag);
      }),
      { numRuns: 1000 },
    );
  });
});
