import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BENCH = dirname(fileURLToPath(import.meta.url));

/**
 * A server in a process of its own.
 *
 * @typedef {object} Server
 * @property {string} url
 * @property {() => Promise<void>} stop
 */

/** `flagstaff serve` on a free port. @param {string} directory @param {string[]} [options] @returns {Promise<Server>} */
export function serveFlags(directory, options = [], env = {}) {
  return start([join(BENCH, '../bin/flagstaff.js'), 'serve', '.', '--port', '0', ...options], directory, env);
}

/** The least that an HTTP server can do. @param {string} answer @returns {Promise<Server>} */
export function serveBare(answer) {
  return start([join(BENCH, 'bare-server.mjs'), answer], BENCH, {});
}

async function start(args, cwd, env) {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  let log = '';
  child.stderr.on('data', (chunk) => {
    log = (log + chunk).slice(-4000);
  });
  const url = await new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      const found = /listening on (\S+)/.exec(String(chunk))?.[1];
      if (found !== undefined) resolve(found);
    });
    ended.then(() => reject(new Error(`a server did not start:\n${log}`)));
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return { url, stop };
}

/** What a server has used so far, as it says itself. @returns {Promise<{ processorSeconds: number, bytes: number }>} */
export async function usageOf({ url }) {
  const text = await (await fetch(`${url}/metrics`)).text();
  const number = (name) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  return { processorSeconds: number('process_cpu_seconds_total'), bytes: number('process_resident_memory_bytes') };
}

/** @param {string} directory @param {readonly { path: string, text: string }[]} files */
export function writeFiles(directory, files) {
  for (const { path, text } of files) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  return directory;
}
