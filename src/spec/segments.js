const STEP = /^segment (.+)$/;
/** The segments that a decision asked, and what they answered, from the steps that the engine calls `segment KEY`. */
export function segmentAnswers({ step, outcome, children }) {
  const segment = STEP.exec(step)?.[1];
  const own = segment !== undefined && isAnswer(outcome) ? [{ segment, member: outcome === 'true' }] : [];
  return [...own, ...children.flatMap(segmentAnswers)];
}
function isAnswer(outcome) {
  return outcome === 'true' || outcome === 'false';
}
