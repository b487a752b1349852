import type { Json, JsonObject } from '../../model/json.js';
import { createObject } from '../../write/objects.js';
import { type ChangeOptions, runChange } from '../change.js';
import type { ExitCode } from '../exit-code.js';
import type { Terminal } from '../terminal.js';
import { parsePair, parseValue } from '../value-input.js';

export interface CreateOptions extends ChangeOptions {
  readonly key: string;
  readonly type: 'boolean' | 'string' | 'number' | 'json';
  readonly description?: string;
  readonly owner?: string;
  readonly tag?: readonly string[];
  readonly purpose?: string;
  readonly removeBy?: string;
  /** `NAME=VALUE` */
  readonly variant?: readonly string[];
  readonly default?: string;
  /** A folder of the flag repository. */
  readonly in?: string;
}

export function runCreate(options: CreateOptions, terminal: Terminal): Promise<ExitCode> {
  return runChange(options.key, options, terminal, (project) => {
    return createObject(project, 'flag', flagOf(options), options.in);
  });
}

function flagOf(options: CreateOptions): JsonObject & { key: string } {
  const { key, type, description, owner, tag, purpose, removeBy } = options;
  const variants = variantsOf(options);
  const [first] = Object.keys(variants ?? {});
  return {
    key,
    ...given('description', description),
    type,
    ...given('owner', owner),
    ...given('tags', tag),
    ...given('purpose', purpose),
    ...given('remove_by', removeBy),
    ...given('variants', variants),
    default: options.default ?? first ?? (type === 'boolean' ? 'off' : null),
  };
}

/** The text of a string flag is what it is; other values are written as they would stand in a file. */
function variantsOf({ type, variant }: CreateOptions): JsonObject | undefined {
  if (variant === undefined) return undefined;
  const pairs = variant.map((text) => parsePair(text, 'blue=#0000ff'));
  return Object.fromEntries(pairs.map(([name, value]) => [name, type === 'string' ? value : parseValue(value)]));
}

function given(key: string, value: Json | undefined): JsonObject {
  return value === undefined ? {} : { [key]: value };
}
