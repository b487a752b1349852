import { resolve } from 'node:path';
import type { Json } from '../../model/json.js';
import { toYaml } from '../../syntax/to-yaml.js';
import type { Chosen, Configured } from './configuration.js';
import { everySetting, keyOf } from './names.js';
import type { Setting } from './settings.js';

interface Line {
  readonly key: string;
  /** `null`: nothing is chosen. */
  readonly value: Json;
  readonly isSecret: boolean;
  readonly chosen: Chosen;
}

const SECRET = '(set)';

/**
 * As a configuration file that says the same, each line with where its value comes from. Secrets, and settings without
 * a value, are comments.
 */
export function configurationText(configured: Configured, cwd: string): string {
  const lines = linesOf(configured, cwd).map((line) => [lineText(line), originText(line.chosen)] as const);
  const width = Math.max(...lines.map(([text]) => Math.min(text.length, 40)));
  return lines.map(([text, origin]) => `${text.padEnd(width)}  # ${origin}\n`).join('');
}

/** Its shape is `schemas/output/serve-config.schema.json`. */
export function configurationJson(configured: Configured, cwd: string): string {
  const entries = linesOf(configured, cwd).map(({ key, value, chosen: { source, from } }) => [
    key,
    { value, source, ...(from === undefined ? {} : { from }) },
  ]);
  return `${JSON.stringify({ settings: Object.fromEntries(entries) }, null, 2)}\n`;
}

function linesOf({ origins }: Configured, cwd: string): Line[] {
  return everySetting().flatMap(([name, setting]): Line[] => {
    const chosen = origins.get(name);
    if (chosen === undefined) return [];
    return [{ key: keyOf(name), ...shown(setting, chosen.value, cwd), chosen }];
  });
}

function shown({ kind, isSecret }: Setting<unknown>, value: unknown, cwd: string): Pick<Line, 'value' | 'isSecret'> {
  if (value === undefined || value === null) return { value: null, isSecret: false };
  if (isSecret === true) return { value: SECRET, isSecret };
  const data = kind.toData(kind.isPath === true ? resolve(cwd, String(value)) : value);
  return { value: Array.isArray(data) ? data.map(withoutPassword) : withoutPassword(data), isSecret: false };
}

/** A URL may hold a password: `https://user:password@host/`. */
function withoutPassword(data: Json): Json {
  return typeof data === 'string' ? data.replace(/^([a-z][a-z+.-]*:\/\/)[^/@]*:[^/@]*@/i, `$1${SECRET}@`) : data;
}

function lineText({ key, value, isSecret }: Line): string {
  if (value === null) return `# ${key}:`;
  const line = `${key}: ${Array.isArray(value) ? JSON.stringify(value) : toYaml(value).trimEnd()}`;
  return isSecret ? `# ${line}` : line;
}

function originText({ source, from, value }: Chosen): string {
  return from ?? (value === undefined ? 'not set' : source);
}
