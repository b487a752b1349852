import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { problems } from '../../src/server/problem.js';

it.each(Object.entries(problems))('the code %s stands in docs/http.md with its status', async (code, { status }) => {
  const rows = (await readFile('docs/http.md', 'utf8')).split('\n').filter((line) => line.startsWith('| '));
  const row = rows.find((line) => line.includes(`\`${code}\``)) ?? '';
  const [, statuses = '', codes = ''] = row.split('|').map((cell) => cell.trim().split(', '));
  const place = codes.indexOf(`\`${code}\``);
  expect(Number(statuses.length === 1 ? statuses[0] : statuses[place])).toBe(status);
});
