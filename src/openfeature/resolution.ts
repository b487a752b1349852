import { ErrorCode, type ResolutionDetails } from '@openfeature/server-sdk';
import type { Details } from '../sdk/flag-client.js';
import { openFeatureMetadata, openFeatureReason } from '../wire/openfeature.js';

/**
 * An answer as OpenFeature has it. An error code is said as such only where there was no answer: whoever is given one
 * serves the default, and a split that lacked its unit has served something.
 */
export function toResolution<T>(details: Details<T>, environment: string | undefined): ResolutionDetails<T> {
  const { value, variant, reason, errorCode, errorMessage, stale } = details;
  const flagMetadata = metadataOf(details, environment);
  if (reason === 'ERROR_FALLBACK') {
    const message = errorMessage === undefined ? {} : { errorMessage };
    return { value, reason: 'ERROR', errorCode: ErrorCode[errorCode ?? 'GENERAL'], ...message, flagMetadata };
  }
  return {
    value,
    reason: stale === true ? 'STALE' : openFeatureReason(reason),
    ...(variant === null ? {} : { variant }),
    flagMetadata,
  };
}

function metadataOf(
  details: Details<unknown>,
  environment: string | undefined,
): Record<string, string | number | boolean> {
  const { version, metadata = {}, reason, rule, segment, errorCode } = details;
  const general = {
    ...(version === undefined ? {} : { version }),
    ...(environment === undefined ? {} : { flagSetId: environment }),
  };
  return openFeatureMetadata(general, metadata, { reason, rule, segment, errorCode });
}
