#!/usr/bin/env node
import process from 'node:process';
import { isatty } from 'node:tty';
import { bugText, main } from '../dist/program/main.js';
import { outputTo } from '../dist/program/terminal.js';

process.on('uncaughtException', (error) => {
  process.stderr.write(bugText(error));
  process.exit(3);
});

function interruption() {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => controller.abort());
  return controller.signal;
}

process.exitCode = await main(process.argv.slice(2), {
  stdin: { isTTY: isatty(0), read: () => process.stdin },
  stdout: outputTo(process.stdout, process.env),
  stderr: outputTo(process.stderr, process.env),
  cwd: process.cwd(),
  env: process.env,
  verbosity: 'normal',
  now: Date.now,
  interruption,
  onHangup: (listener) => process.on('SIGHUP', listener),
});
