import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { child } from '../../diagnostics/pointer.js';
import { Refusal } from '../../diagnostics/refusal.js';
import { didYouMean } from '../../diagnostics/suggest.js';
import type { JsonObject } from '../../model/json.js';
import { locate } from '../../syntax/locate.js';
import { parseYaml } from '../../syntax/parse-yaml.js';
import type { SourceFile } from '../../syntax/source-file.js';
import { everySetting, keyOf } from './names.js';

/** A configuration file, YAML or JSON. */
export interface ConfigFile {
  /** absolute */
  readonly path: string;
  readonly data: JsonObject;
  /** `serve.yaml:3`, where a key stands. */
  placeOf(key: string): string;
}

/**
 * JSON is YAML but for tabs between its tokens.
 *
 * @param shown as the user names the file
 * @throws Refusal when it is not there, is no mapping, or has keys that are no settings
 */
export async function readConfigFile(shown: string, cwd: string): Promise<ConfigFile> {
  const path = resolve(cwd, shown);
  const text = await textOf(path, shown);
  const file: SourceFile = { path: shown, text: shown.endsWith('.json') ? text.replaceAll('\t', ' ') : text };
  const data = dataOf(file);
  const placeOf = (key: string) => `${shown}:${locate(file, child('', key), 'key').start.line}`;
  for (const key of Object.keys(data)) refuseUnknown(key, placeOf(key));
  return { path, data, placeOf };
}

async function textOf(path: string, shown: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const message = `cannot read the configuration file \`${shown}\` (${code})`;
    throw new Refusal(code === 'ENOENT' ? 'not-found' : 'unreadable', message, { cause });
  }
}

function dataOf(file: SourceFile): JsonObject {
  if (file.text.split('\n').every((line) => /^\s*(#|$)/.test(line))) return {};
  const { data = null, findings } = parseYaml(file);
  const [first] = findings;
  if (first !== undefined) {
    const { line, column } = (first.range ?? locate(file, first.pointer)).start;
    throw refusal(`${file.path}:${line}:${column}: ${first.message}`, first.help);
  }
  if (typeof data === 'object' && !Array.isArray(data)) return data as JsonObject;
  throw refusal(`${file.path} is no mapping`, 'write settings such as `port: 7700`, one a line');
}

function refuseUnknown(key: string, place: string): void {
  const keys = everySetting().map(([name]) => keyOf(name));
  if (keys.includes(key)) return;
  const help = didYouMean(key.replaceAll('-', '_'), keys) ?? '`flagstaff serve --print-config` lists what there is';
  throw refusal(`${place}: unknown setting \`${key}\``, help);
}

function refusal(message: string, help: string | undefined): Refusal {
  return new Refusal('invalid-argument', message, help === undefined ? {} : { help });
}
