import type { Reason } from '../model/evaluation.js';

/** OpenFeature's word for each reason (docs/format.md). */
const REASON: Readonly<Record<Reason, string>> = {
  ERROR_FALLBACK: 'ERROR',
  DISABLED: 'DISABLED',
  INACTIVE: 'DISABLED',
  OVERRIDE: 'TARGETING_MATCH',
  PREREQUISITE_FAILED: 'DEFAULT',
  TARGETING_MATCH: 'TARGETING_MATCH',
  SPLIT: 'SPLIT',
  DEFAULT: 'DEFAULT',
  STATIC: 'STATIC',
};

export function openFeatureReason(reason: Reason): string {
  return REASON[reason];
}

/** A flag's metadata as OpenFeature has it: no nesting, no null. */
export type FlagMetadata = Readonly<Record<string, string | number | boolean>>;

/** What an answer says beside the flag's own metadata; what is absent is not for whoever asks. */
export type Said = { readonly [N in 'reason' | 'rule' | 'segment' | 'errorCode']?: string | undefined };

/** Names that a flag's own metadata cannot take: what begins so is said by Flagstaff alone. */
const RESERVED = 'flagstaff.';

/** What is known of all flags first, then the flag's own: of two that say `version` the flag's own counts. */
export function openFeatureMetadata(general: FlagMetadata, own: FlagMetadata, said: Said): FlagMetadata {
  const metadata: Record<string, string | number | boolean> = { ...general };
  for (const [name, value] of Object.entries(own)) if (!name.startsWith(RESERVED)) metadata[name] = value;
  for (const [name, value] of Object.entries(said)) if (typeof value === 'string') metadata[RESERVED + name] = value;
  return metadata;
}
