import type { Evaluation } from '../../model/evaluation.js';
import { type FlagMetadata, openFeatureMetadata, openFeatureReason } from '../../wire/openfeature.js';
import type { Tally } from '../tallies.js';
import type { View } from '../view.js';
import { encodeFailure } from './failure.js';

/** One flag's part of an OFREP answer: JSON text, and the status where it is the whole answer. */
export interface Answer {
  readonly text: string;
  readonly status: number;
  readonly tally: Tally;
}

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
    reason: openFeatureReason(reason),
    metadata: metadataOf(view, evaluation),
  });
  return { tally, text, status: 200 };
}

function metadataOf(view: View, evaluation: Evaluation): FlagMetadata {
  const { flag, reason, rule, segment, error_code: errorCode } = evaluation;
  const said = view.detailed ? { reason, rule, segment, errorCode } : { errorCode };
  return openFeatureMetadata({ version: view.versionOf(flag) }, view.flags.get(flag)?.metadata ?? {}, said);
}

/** Clients read the bodies of 400, 404 and 500 only. What is wrong with a definition is for servers. */
function encodeError(view: View, evaluation: Evaluation): { text: string; status: number } {
  const { flag, error_code = 'GENERAL', error_message = '' } = evaluation;
  const isMissing = error_code === 'FLAG_NOT_FOUND';
  const details = view.detailed || isMissing ? error_message : 'the flag cannot be evaluated';
  return { text: encodeFailure(flag, error_code, details), status: isMissing ? 404 : 500 };
}
