/** The keys of an answer that a case may expect; what is not there is `null`. */
export function answerOf(evaluation) {
  return {
    value: evaluation.value ?? null,
    variant: evaluation.variant,
    reason: evaluation.reason,
    rule: evaluation.rule ?? null,
    error_code: evaluation.error_code ?? null,
  };
}
