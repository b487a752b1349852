import type { Evaluation, Reason } from '../../model/evaluation.js';
import type { Tally } from '../tallies.js';
import type { View } from '../view.js';
import { encodeFailure } from './failure.js';

/** One flag's part of an OFREP answer: JSON text, and the status where it is the whole answer. */
export interface Answer {
  readonly text: string;
  readonly status: number;
  readonly tally: Tally;
}

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

/** Names that a flag's own metadata cannot take: what begins so is said by the server alone. */
const RESERVED = 'flagstaff.';

const answers = new WeakMap<View, WeakMap<Evaluation, Answer>>();

/** Evaluations are shared by all who get the same answer, so its text is made once for each kind of caller. */
export function answerOf(view: View, evaluation: Evaluation): Answer {
  const known = answers.get(view) ?? new WeakMap<Evaluation, Answer>();
  answers.set(view, known);
  const answer = known.get(evaluation) ?? encode(view, evaluation);
  known.set(evaluation, answer);
  return answer;
}

function encode(view: View, evaluation: Evaluation): Answer {
  const tally = view.tallyOf(evaluation);
  if (evaluation.reason === 'ERROR_FALLBACK') return { tally, ...encodeError(view, evaluation) };
  const { flag, variant, value, reason } = evaluation;
  const text = JSON.stringify({
    key: flag,
    ...(value === undefined || value === null ? {} : { value }),
    ...(variant === null ? {} : { variant }),
    reason: REASON[reason],
    metadata: metadataOf(view, evaluation),
  });
  return { tally, text, status: 200 };
}

/** A flag's own metadata first; of two that say `version` the flag's own counts. */
function metadataOf(view: View, evaluation: Evaluation): Readonly<Record<string, string | number | boolean>> {
  const { flag, reason, rule, segment, error_code } = evaluation;
  const own = Object.entries(view.flags.get(flag)?.metadata ?? {}).filter(([name]) => !name.startsWith(RESERVED));
  const precise = view.detailed ? { reason, rule, segment, errorCode: error_code } : { errorCode: error_code };
  const said = Object.entries(precise).flatMap(([name, value]) =>
    value === undefined ? [] : [[`${RESERVED}${name}`, value] as const],
  );
  return Object.fromEntries([['version', view.versionOf(flag)], ...own, ...said]);
}

/** Clients read the bodies of 400, 404 and 500 only. What is wrong with a definition is for servers. */
function encodeError(view: View, evaluation: Evaluation): { text: string; status: number } {
  const { flag, error_code = 'GENERAL', error_message = '' } = evaluation;
  const isMissing = error_code === 'FLAG_NOT_FOUND';
  const details = view.detailed || isMissing ? error_message : 'the flag cannot be evaluated';
  return { text: encodeFailure(flag, error_code, details), status: isMissing ? 404 : 500 };
}
