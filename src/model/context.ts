/**
 * What an application sends along with an evaluation: OpenFeature's evaluation context.
 * `targetingKey` is always understood; everything else is an attribute of any name.
 * Only own properties are read.
 */
export type Context = Readonly<Record<string, unknown>>;

export const TARGETING_KEY = 'targetingKey';

/** The types that `context` in `flagstaff.yaml` may declare. `any` is not type-checked. */
const ATTRIBUTE_TYPES = ['string', 'number', 'boolean', 'semver', 'date', 'list', 'ip', 'any'] as const;
export type AttributeType = (typeof ATTRIBUTE_TYPES)[number];
