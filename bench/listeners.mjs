import { once } from 'node:events';
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';

/** How many connections are opened at a time. */
const AT_ONCE = 100;

/** A batch of changes is whole when this event has come. */
const END = 'event: commit\n';

/** Clients of `GET /stream`, over bare sockets, so that thousands of them cost little. */
export class Listeners {
  #sockets = [];
  #heard = [];
  #told = () => undefined;
  #wanted = 0;

  /** @param {string} url @param {number} count */
  async open(url, count) {
    for (let opened = 0; opened < count; opened += AT_ONCE) {
      const some = Array.from({ length: Math.min(AT_ONCE, count - opened) }, () => this.#openOne(new URL(url)));
      await Promise.all(some);
    }
  }

  async #openOne({ hostname, port, host }) {
    const socket = connect(Number(port), hostname);
    this.#sockets.push(socket);
    await once(socket, 'connect');
    socket.write(`GET /stream HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    await this.#greeted(socket);
    let rest = '';
    socket.on('data', (chunk) => {
      const text = rest + chunk;
      if (text.includes(END)) this.#hear();
      rest = text.includes(END) ? '' : text.slice(-END.length);
    });
  }

  /** A snapshot has come whole. */
  async #greeted(socket) {
    socket.setEncoding('utf8');
    let text = '';
    while (!/event: snapshot\n.*\n\n/.test(text)) {
      const [chunk] = await once(socket, 'data');
      text += chunk;
    }
  }

  #hear() {
    this.#heard.push(performance.now());
    if (this.#heard.length === this.#wanted) this.#told();
  }

  /**
   * Makes a change and waits until every client has heard of it.
   * @param {() => Promise<unknown> | unknown} change
   * @returns {Promise<number[]>} milliseconds from the moment when `change` was done, one for each client, ascending
   */
  async timed(change) {
    this.#heard = [];
    this.#wanted = this.#sockets.length;
    const all = new Promise((resolve) => {
      this.#told = resolve;
    });
    await change();
    const done = performance.now();
    await all;
    return this.#heard.map((at) => Math.max(0, at - done));
  }

  close() {
    for (const socket of this.#sockets) socket.destroy();
  }
}
