import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const RUN = fileURLToPath(new URL('../../bench/run.mjs', import.meta.url));

function bench(...args: readonly string[]) {
  return spawnSync(process.execPath, [RUN, ...args], { encoding: 'utf8' });
}

describe('the benchmark command', () => {
  it('lists the benchmarks when none is named', () => {
    const { status, stdout } = bench();
    expect(status).toBe(0);
    expect(stdout).toMatch(/^evaluate +\S/m);
    expect(stdout).toMatch(/^lint +\S/m);
    expect(stdout).toMatch(/^serve +\S/m);
    expect(stdout).toMatch(/^streams +\S/m);
  });

  it('refuses a benchmark or an option that it does not know', () => {
    expect(bench('speed').status).toBe(2);
    expect(bench('lint', '--jsn').status).toBe(2);
    expect(bench('constructor').stderr).toMatch(/evaluate, .*lint/);
  });
});
