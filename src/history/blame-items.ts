import { child } from '../diagnostics/pointer.js';
import { conditionsWords } from '../diff/condition-words.js';
import type { FlagVersions } from '../diff/flag.js';
import { plainWords, rolloutWords, ruleWords, splitWords, valueWords, variantWords } from '../diff/words.js';
import type { Flag, Rule } from '../model/flag.js';

/** Something that a flag says today, in one environment or in all. */
export interface BlameItem {
  /** JSON Pointer into the flag as the model has it; rules stand by name. */
  readonly path: string;
  /** Left out: in every environment. */
  readonly environment?: string;
  /** What it is called and what it says, for people. */
  readonly field: string;
  readonly text: string;
}

type Fact = Omit<BlameItem, 'environment'>;

/** All that a flag says: what it is, then what it does in each environment. */
export function itemsOf(versions: FlagVersions): BlameItem[] {
  const [flag] = versions.values();
  const identity = flag === undefined ? [] : identityOf(flag);
  const behaviour = [...versions].flatMap(([environment, version]) =>
    behaviourOf(version).map((fact) => ({ ...fact, environment })),
  );
  return [...identity, ...behaviour];
}

function identityOf(flag: Flag): Fact[] {
  return [
    fact('/type', 'type', flag.type),
    fact('/state', 'state', flag.state),
    ...Object.entries(flag.variants).map(([name, value]) =>
      fact(child('/variants', name), `variant ${name}`, valueWords(value)),
    ),
    fact('/bucket_by', 'bucket_by', plainWords(flag.bucket_by)),
    fact('/seed', 'seed', valueWords(flag.seed)),
    fact('/expose', 'exposed to', plainWords(flag.expose)),
    ...Object.entries(flag.metadata).map(([key, value]) =>
      fact(child('/metadata', key), `metadata ${plainWords(key)}`, valueWords(value)),
    ),
    ...given('/value_schema', 'value_schema', flag.value_schema, valueWords),
    ...given('/owner', 'owner', flag.owner, plainWords),
    ...given('/purpose', 'purpose', flag.purpose, plainWords),
    ...given('/description', 'description', flag.description, valueWords),
    ...(flag.tags.length === 0 ? [] : [fact('/tags', 'tags', plainWords(flag.tags))]),
    ...given('/remove_by', 'remove_by', flag.remove_by, plainWords),
    ...given('/snooze', 'snooze', flag.snooze, valueWords),
  ];
}

function behaviourOf(flag: Flag): Fact[] {
  return [
    fact('/enabled', 'enabled', String(flag.enabled)),
    fact('/default', 'default', variantWords(flag.default)),
    fact('/off_variant', 'off_variant', variantWords(flag.off_variant)),
    ...given('/starts_at', 'starts_at', flag.starts_at, plainWords),
    ...given('/expires_at', 'expires_at', flag.expires_at, plainWords),
    ...Object.entries(flag.overrides).map(([variant, keys]) =>
      fact(child('/overrides', variant), `override ${variant}`, plainWords(keys)),
    ),
    ...flag.prerequisites.map((wanted) =>
      fact(child('/prerequisites', wanted.flag), `prerequisite ${wanted.flag}`, wanted.variants.join(' or ')),
    ),
    ...flag.rules.map((rule) => fact(child('/rules', rule.name), ruleWords(rule.name), meaningWords(rule))),
    ...given('/rollout', 'rollout', flag.rollout, rolloutWords),
    ...given('/experiment', 'experiment', flag.experiment, rolloutWords),
  ];
}

function meaningWords({ conditions, serve, split }: Rule): string {
  return `${conditionsWords(conditions)} serves ${split ? splitWords(split) : variantWords(serve ?? null)}`;
}

function fact(path: string, field: string, text: string): Fact {
  return { path, field, text };
}

function given<T>(path: string, field: string, value: T | undefined, words: (value: T) => string): Fact[] {
  return value === undefined ? [] : [fact(path, field, words(value))];
}
