import { dirname, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { Refusal } from '../../diagnostics/refusal.js';
import { nearest } from '../../diagnostics/suggest.js';
import type { Environment, Terminal } from '../terminal.js';
import { type ConfigFile, readConfigFile } from './config-file.js';
import { CONFIG_VARIABLE, everySetting, flagOf, keyOf, variableOf } from './names.js';
import type { Configuration, Setting, SettingName } from './settings.js';

/** What the command line says; the rest may come from elsewhere. */
export type GivenOptions = Partial<Configuration> & { readonly config?: string };

type SourceKind = 'flag' | 'environment' | 'file' | 'default';

/** A value, and who says so: a flag, a variable, a line of the file, or nobody. */
export interface Chosen {
  readonly value: unknown;
  readonly source: SourceKind;
  readonly from?: string;
}

export interface Configured {
  readonly configuration: Configuration;
  readonly origins: ReadonlyMap<SettingName, Chosen>;
  /** What looks like a mistake and may be none. */
  readonly notes: readonly string[];
}

/**
 * For each setting the command line counts first, then the environment, then the file, then the default. A variable
 * that is empty says nothing. The library's own way of reading variables is not used: it takes `false` for yes, and
 * does not tell which of them is wrong.
 *
 * @throws Refusal naming the variable, or the line, that cannot be
 */
export async function configure(given: GivenOptions, { cwd, env }: Terminal): Promise<Configured> {
  const shown = given.config ?? (env[CONFIG_VARIABLE] || undefined);
  const file = shown === undefined ? undefined : await readConfigFile(shown, cwd);
  const chosen = everySetting().map(([name, setting]) => [name, choose(name, setting, { given, env, file })] as const);
  const values = chosen.map(([name, { value }]) => [name, value]);
  return {
    configuration: Object.fromEntries(values) as unknown as Configuration,
    origins: new Map(chosen),
    notes: misspelt(env),
  };
}

interface Sources {
  readonly given: GivenOptions;
  readonly env: Environment;
  readonly file: ConfigFile | undefined;
}

function choose(name: SettingName, setting: Setting<unknown>, { given, env, file }: Sources): Chosen {
  const flag = given[name];
  if (flag !== undefined) return { value: flag, source: 'flag', from: flagOf(name) ?? name };
  const variable = variableOf(name);
  const text = env[variable];
  if (text) return { value: fromVariable(setting, variable, text), source: 'environment', from: variable };
  if (file !== undefined && Object.hasOwn(file.data, keyOf(name))) return fromFile(setting, keyOf(name), file);
  return { value: setting.initial, source: 'default' };
}

function fromVariable({ kind }: Setting<unknown>, variable: string, text: string): unknown {
  return readOrRefuse(() => kind.fromText(text), variable, text.startsWith('tcp://') ? KUBERNETES : undefined);
}

/** Kubernetes sets FLAGSTAFF_PORT, and more, in each pod beside a Service of this name. */
const KUBERNETES = 'Kubernetes sets this for a Service named `flagstaff`: say `enableServiceLinks: false` in the pod';

function fromFile({ kind }: Setting<unknown>, key: string, file: ConfigFile): Chosen {
  const from = file.placeOf(key);
  const read = readOrRefuse(() => kind.fromData(file.data[key] ?? null), `${from}: \`${key}\``);
  const value = kind.isPath === true ? resolve(dirname(file.path), String(read)) : read;
  return { value, source: 'file', from };
}

function readOrRefuse(read: () => unknown, from: string, help?: string): unknown {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new Refusal('invalid-argument', `${from}: ${error.message}`, help === undefined ? {} : { help });
  }
}

const PREFIX = 'FLAGSTAFF_';

/** Variables that are nearly those of a setting. Others may be anybody's. */
function misspelt(env: Environment): string[] {
  const names = [CONFIG_VARIABLE, ...everySetting().map(([name]) => variableOf(name))];
  const known = names.map((name) => name.slice(PREFIX.length));
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !names.includes(name))
    .flatMap((name) => {
      const meant = nearest(name.slice(PREFIX.length), known);
      return meant === undefined ? [] : [`note: ${name} is no setting; did you mean ${PREFIX}${meant}?`];
    });
}
