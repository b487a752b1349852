import type { Audience, FlagType, Purpose } from '../model/flag.js';
import type { Json, JsonObject } from '../model/json.js';
import type { Project } from '../project/project.js';
import { variantName, variantsOf } from '../project/variants.js';
import type { WrittenFlag } from '../project/written.js';

/** What the code of an application needs to know of a flag: what it is, the same in every environment. */
export interface ApplicationFlag {
  readonly key: string;
  readonly type: FlagType;
  readonly isArchived: boolean;
  readonly description?: string;
  readonly owner?: string;
  readonly purpose?: Purpose;
  readonly remove_by?: string;
  readonly value_schema?: JsonObject | boolean;
  /** In the order in which they are written. */
  readonly variants: readonly string[];
  /** The variant that the flag file itself names as its default; absent where that is the caller's own value. */
  readonly fallback?: { readonly variant: string; readonly value: Json };
  /** As `fallback`, of the variant served when the flag is off. */
  readonly off?: { readonly variant: string; readonly value: Json };
}

/** Which flags an application has to do with. */
export interface Selection {
  /** A flag must have all of them. */
  readonly tags?: readonly string[];
  /** A flag must be exposed to them. */
  readonly audience?: Audience;
}

/** The flags of a project that passed the gate, by key. */
export function applicationFlags({ flags }: Project, selection: Selection = {}): readonly ApplicationFlag[] {
  const written = [...flags.values()].map(({ data }) => data).filter((flag) => isSelected(flag, selection));
  return written.sort((a, b) => (a.key < b.key ? -1 : 1)).map(toApplicationFlag);
}

function isSelected({ tags = [], expose = ['server'] }: WrittenFlag, selection: Selection): boolean {
  const { tags: wanted = [], audience } = selection;
  return wanted.every((tag) => tags.includes(tag)) && (audience === undefined || expose.includes(audience));
}

function toApplicationFlag(flag: WrittenFlag): ApplicationFlag {
  const { key, type, description, owner, purpose, remove_by, value_schema } = flag;
  const fallback = served(flag, flag.default);
  const off = flag.off_variant === undefined ? fallback : served(flag, flag.off_variant);
  return {
    key,
    type,
    isArchived: flag.state === 'archived',
    variants: Object.keys(variantsOf(flag)),
    ...(description === undefined ? {} : { description }),
    ...(owner === undefined ? {} : { owner }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(remove_by === undefined ? {} : { remove_by }),
    ...(value_schema === undefined ? {} : { value_schema }),
    ...(fallback === undefined ? {} : { fallback }),
    ...(off === undefined ? {} : { off }),
  };
}

function served(flag: WrittenFlag, written: WrittenFlag['default']): ApplicationFlag['fallback'] {
  if (written === null || written === undefined) return undefined;
  const variant = variantName(written, flag.type);
  return { variant, value: variantsOf(flag)[variant] as Json };
}
