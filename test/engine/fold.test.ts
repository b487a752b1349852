import { describe, expect, it } from 'vitest';
import { fold } from '../../src/engine/fold.js';

const escaped = (character: string) => `\\u{${character.codePointAt(0)?.toString(16)}}`;

/** Every code point but the surrogates. */
const characters = Array.from({ length: 0x110000 }, (_, code) => code)
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code));

/** Those that have anything to do with case. */
const cased = characters.filter(
  (character) => character.toUpperCase() !== character || character.toLowerCase() !== character,
);

describe('simple case folding', () => {
  it('brings together exactly those letters that /iu does', () => {
    const letters = cased.join('');
    for (const character of cased) {
      const matched = letters.match(new RegExp(escaped(character), 'giu')) ?? [];
      const folded = fold(character);
      for (const other of matched) expect([character, other, fold(other)]).toEqual([character, other, folded]);
    }
    const classes = new Set(cased.map(fold));
    const claimed = new Set<string>();
    let count = 0;
    for (const character of cased) {
      if (claimed.has(character)) continue;
      for (const other of letters.match(new RegExp(escaped(character), 'giu')) ?? []) claimed.add(other);
      count += 1;
    }
    expect(classes.size).toBe(count);
  });

  it('leaves everything else as it is', () => {
    const known = new Set(cased);
    const anyCased = new RegExp(`^[${cased.map(escaped).join('')}]$`, 'iu');
    const others = characters.filter((character) => !known.has(character));
    expect(others.filter((character) => fold(character) !== character || anyCased.test(character))).toEqual([]);
  });

  it('folds a text character by character', () => {
    expect(fold('HELLO')).toBe('hello');
    expect(fold('ΣΊΣΥΦΟΣ')).toBe(fold('σίσυφος'));
    expect(fold('straße')).toBe(fold('STRAẞE'));
    expect(fold('straße')).not.toBe(fold('strasse'));
    expect(fold('𐐀')).toBe('𐐨');
    expect(fold('\ud800A')).toBe('\ud800a');
    expect(fold('')).toBe('');
  });
});
