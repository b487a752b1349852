import { once } from 'node:events';
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';

/**
 * What a server managed under load.
 *
 * @typedef {object} Load
 * @property {number} perSecond answers
 * @property {number} p50 milliseconds from a request to its whole answer
 * @property {number} p99 milliseconds
 */

/**
 * Asks the same again and again over connections that stay open, each one question at a time. It speaks over bare
 * sockets: a client library takes more of a core than the servers that are compared, and would hide their difference.
 *
 * @param {string} url of the server
 * @param {{ path: string, body: object, connections: number, seconds: number }} options
 * @returns {Promise<Load>}
 */
export async function load(url, { path, body, connections, seconds }) {
  const { hostname, port, host } = new URL(url);
  const text = JSON.stringify(body);
  const head = `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n`;
  const question = Buffer.from(`${head}Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  const samples = [];
  const start = performance.now();
  const until = start + seconds * 1000;
  const asking = Array.from({ length: connections }, () => askUntil(until, question, { hostname, port }, samples));
  await Promise.all(asking);
  const took = (performance.now() - start) / 1000;
  return { perSecond: samples.length / took, p50: percentile(samples, 50), p99: percentile(samples, 99) };
}

/** @param {number} until @param {Buffer} question @param {{ hostname: string, port: string }} where @param {number[]} samples */
async function askUntil(until, question, { hostname, port }, samples) {
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, 'connect');
  await new Promise((resolve, reject) => {
    let sent = performance.now();
    let missing = 0;
    socket.on('error', reject).on('close', () => reject(new Error('the server closed a connection')));
    socket.on('data', (chunk) => {
      missing = missing === 0 ? lengthOf(chunk, reject) - chunk.length : missing - chunk.length;
      if (missing > 0) return;
      const now = performance.now();
      samples.push(now - sent);
      sent = now;
      if (now < until) socket.write(question);
      else resolve();
    });
    socket.write(question);
  });
  socket.removeAllListeners('close').destroy();
}

/** Bytes of the whole answer that begins with this chunk. */
function lengthOf(chunk, reject) {
  const end = chunk.indexOf('\r\n\r\n');
  const head = chunk.latin1Slice(0, end);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (end > 0 && length !== undefined && head.startsWith('HTTP/1.1 200 ')) return end + 4 + Number(length);
  reject(new Error(`not the answer that was expected: ${head.slice(0, 200)}`));
  return 0;
}

/** @param {number[]} samples they are sorted @param {number} percent */
export function percentile(samples, percent) {
  samples.sort((a, b) => a - b);
  return samples[Math.min(samples.length - 1, Math.floor((samples.length * percent) / 100))];
}
