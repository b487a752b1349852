import type { AttributeType } from './context.js';
import type { Definitions } from './definitions.js';
import type { Purpose } from './flag.js';
import type { Group } from './group.js';

/** A declared context attribute. */
export interface Attribute {
  readonly type: AttributeType;
  readonly enum?: readonly (string | number | boolean)[];
  /** As many as `enum` has values: how common each is. */
  readonly weights?: readonly number[];
}

/** When flags have outlived their use, and how code calls them. */
export interface Lifecycle extends Readonly<Partial<Record<Purpose | 'new' | 'launched', number>>> {
  /** Names that code has for a key, with `{key}`, `{camel}`, `{pascal}`, `{snake}`, `{kebab}` or `{constant}`. */
  readonly aliases?: readonly string[];
}

/** What `flagstaff.yaml` says, defaults filled in. */
export interface Settings {
  readonly environments: readonly string[];
  readonly defaultEnvironment: string;
  readonly protected: readonly string[];
  readonly context: Readonly<Record<string, Attribute>>;
  readonly naming: Readonly<Record<string, string>>;
  readonly lint: Readonly<Record<string, string>>;
  readonly review: {
    readonly max_impact: Readonly<Record<string, number>>;
    readonly population?: string;
  };
  readonly lifecycle: Lifecycle;
}

/** A flag repository that passed the gate: immutable, resolved for each environment. */
export interface Snapshot {
  readonly settings: Settings;
  /** By environment, in the order of `settings.environments`. */
  readonly definitions: ReadonlyMap<string, Definitions>;
  readonly groups: readonly Group[];
  /** The file that defines each object: `flag:KEY`, `segment:KEY`, `group:KEY` to a path. */
  readonly files: ReadonlyMap<string, string>;
}
