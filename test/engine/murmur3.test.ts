import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import murmurhash from 'murmurhash';
import { describe, expect, it } from 'vitest';
import { prepareHash } from '../../src/engine/murmur3.js';

/** Text and MurmurHash3_x86_32 of its UTF-8 with seed 0, computed with another implementation in another language. */
const vectors: readonly [string, number][] = JSON.parse(
  readFileSync(new URL('murmur3-vectors.json', import.meta.url), 'utf8'),
);

describe('the hash', () => {
  it('is that of the reference vectors, wherever the text is cut in two', () => {
    for (const [text, hash] of vectors) {
      const cuts =
        text.length > 60 ? [0, 1, 2, 3, text.length] : Array.from({ length: text.length + 1 }, (_, cut) => cut);
      for (const cut of cuts)
        expect([text, cut, prepareHash(text.slice(0, cut))(text.slice(cut))]).toEqual([text, cut, hash]);
    }
  });

  it.each([
    ['', 0],
    ['test', 0xba6bd213],
    ['Hello, world!', 0xc0363e43],
    ['The quick brown fox jumps over the lazy dog', 0x2e4ff723],
  ])('of `%s` is the published one', (text, hash) => {
    expect(prepareHash('')(text)).toBe(hash);
  });

  it('is that of the murmurhash package for any two texts', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));
    fc.assert(
      fc.property(text, text, (prefix, rest) => {
        expect(prepareHash(prefix)(rest)).toBe(murmurhash.v3(new TextEncoder().encode(prefix + rest), 0));
      }),
      { numRuns: 2000 },
    );
  });

  it('of a lone surrogate is that of U+FFFD', () => {
    expect(prepareHash('a')('\ud800')).toBe(prepareHash('a')('\ufffd'));
    expect(prepareHash('\ud83d')('\ude00')).toBe(prepareHash('')('😀'));
  });

  it('of ten million characters is that of the package', () => {
    const text = 'abcdefghij'.repeat(1_000_000);
    expect(prepareHash('x')(text)).toBe(murmurhash.v3(new TextEncoder().encode(`x${text}`), 0));
  });
});
