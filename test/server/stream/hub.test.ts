import { describe, expect, it } from 'vitest';
import { type Sink, StreamHub } from '../../../src/server/stream/hub.js';

const MIB = 1_048_576;

/** A client that takes what it is told to take. */
class Client implements Sink {
  writableLength = 0;
  state: 'open' | 'ended' | 'destroyed' = 'open';

  write(chunk: Uint8Array): boolean {
    this.writableLength += chunk.length;
    return true;
  }

  take(bytes = this.writableLength): void {
    this.writableLength -= Math.min(bytes, this.writableLength);
  }

  end(): void {
    this.state = 'ended';
  }

  destroy(): void {
    this.state = 'destroyed';
  }
}

const hubOf = () => new StreamHub({ maxStreams: 10, maxBacklog: MIB });
const half = new Uint8Array(MIB / 2);

describe('a consumer that does not read', () => {
  it('is cut off above 1 MiB of backlog, and others are not', () => {
    const hub = hubOf();
    const [slow, quick] = [new Client(), new Client()];
    hub.open('a', slow, new Uint8Array(1));
    hub.open('a', quick, new Uint8Array(1));
    for (let count = 0; count < 4; count += 1) {
      hub.broadcast('a', half);
      quick.take();
    }
    expect([slow.state, quick.state]).toEqual(['destroyed', 'open']);
    expect({ size: hub.size, dropped: hub.dropped }).toEqual({ size: 1, dropped: 1 });
  });

  it('is not cut off for a big greeting that is still on its way', () => {
    const hub = hubOf();
    const client = new Client();
    hub.open('a', client, new Uint8Array(5 * MIB));
    hub.broadcast('a', half);
    hub.broadcast('a', half);
    expect(client.state).toBe('open');
    client.take(5 * MIB);
    hub.broadcast('a', half);
    expect(client.state).toBe('open');
    hub.broadcast('a', half);
    hub.broadcast('a', half);
    expect(client.state).toBe('destroyed');
  });

  it('is cut off when it takes nothing of a big greeting between two signs of life', () => {
    const hub = hubOf();
    const [stuck, slow] = [new Client(), new Client()];
    hub.open('a', stuck, new Uint8Array(5 * MIB));
    hub.open('a', slow, new Uint8Array(5 * MIB));
    stuck.take(1000);
    slow.take(1000);
    hub.keepAlive();
    slow.take(1000);
    hub.keepAlive();
    expect([stuck.state, slow.state]).toEqual(['destroyed', 'open']);
  });
});

describe('a stream', () => {
  it('ends before the next event when its key has gone', () => {
    const hub = hubOf();
    const client = new Client();
    let mayListen = true;
    hub.open('a', client, new Uint8Array(1), () => mayListen);
    mayListen = false;
    hub.broadcast('a', half);
    expect({ state: client.state, waiting: client.writableLength, size: hub.size }).toEqual({
      state: 'ended',
      waiting: 1,
      size: 0,
    });
  });

  it('counts until it is closed, and once', () => {
    const hub = new StreamHub({ maxStreams: 1, maxBacklog: MIB });
    const close = hub.open('a', new Client(), new Uint8Array(1));
    expect(hub.isFull).toBe(true);
    close();
    close();
    expect({ full: hub.isFull, size: hub.size, channels: hub.channels() }).toEqual({
      full: false,
      size: 0,
      channels: [],
    });
  });

  it('ends with its channel', () => {
    const hub = hubOf();
    const [one, other] = [new Client(), new Client()];
    hub.open('a', one, new Uint8Array(1));
    hub.open('b', other, new Uint8Array(1));
    hub.endChannel('a', new Uint8Array(1));
    expect([one.state, other.state, hub.size]).toEqual(['ended', 'open', 1]);
  });
});
