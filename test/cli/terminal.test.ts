import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { outputTo, withoutColour } from '../../src/cli/terminal.js';

function tty(): PassThrough & { isTTY: boolean; columns: number } {
  return Object.assign(new PassThrough(), { isTTY: true, columns: 120 });
}

describe('an output', () => {
  it.each([
    ['on a terminal', tty(), {}, true],
    ['into a file', new PassThrough(), {}, false],
    ['with NO_COLOR', tty(), { NO_COLOR: '1' }, false],
    ['with an empty NO_COLOR', tty(), { NO_COLOR: '' }, true],
    ['on a dumb terminal', tty(), { TERM: 'dumb' }, false],
    ['forced', new PassThrough(), { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
    ['forced by an empty FORCE_COLOR', new PassThrough(), { FORCE_COLOR: '' }, true],
    ['forced off', tty(), { FORCE_COLOR: '0' }, false],
    ['forced off in a word', tty(), { FORCE_COLOR: 'false' }, false],
  ])('%s decides on colours', (_, stream, env, colour) => {
    expect(outputTo(stream, env).colour).toBe(colour);
    expect(withoutColour(outputTo(stream, env)).colour).toBe(false);
  });

  it('knows how wide its terminal is', () => {
    expect(outputTo(tty(), {}).columns).toBe(120);
    expect(outputTo(new PassThrough(), {}).columns).toBe(80);
  });

  it('waits until the reader takes more', async () => {
    const stream = new PassThrough({ highWaterMark: 4 });
    const output = outputTo(stream, {});
    let done = false;
    const writing = output.write('abcdefgh').then(() => {
      done = true;
    });
    await new Promise(setImmediate);
    expect(done).toBe(false);
    stream.resume();
    await writing;
    expect(done).toBe(true);
  });

  it('is closed when nobody reads any more, and drops what is written', async () => {
    const written: string[] = [];
    const stream = new Writable({
      highWaterMark: 1,
      write(chunk: Buffer, _, done) {
        written.push(chunk.toString());
        done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      },
    });
    const output = outputTo(stream, {});
    const plain = withoutColour(output);
    expect(output.closed).toBe(false);
    await plain.write('first');
    await new Promise(setImmediate);
    expect([output.closed, plain.closed]).toEqual([true, true]);
    await output.write('second');
    expect(written).toEqual(['first']);
  });

  it('fails when it cannot be written for another reason', async () => {
    const stream = new Writable({
      write: (_, __, done) => done(Object.assign(new Error('no space'), { code: 'ENOSPC' })),
    });
    await expect(outputTo(stream, {}).write('text')).rejects.toThrow('cannot write the output (ENOSPC)');
  });
});
