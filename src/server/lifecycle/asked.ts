import { STATES, STATES_WITHOUT_CODE } from '../../lifecycle/state.js';
import type { Desk } from '../desk.js';
import { choiceOf, type Query, wrong } from '../routes/query.js';

/** Flags in the state that was asked for. */
interface Asked {
  has(key: string): boolean;
  /** What the answer says of each of them. */
  readonly ofFlag: object;
  /** What the answer says beside them. */
  readonly ofAll: object;
}

const EVERY: Asked = { has: () => true, ofFlag: {}, ofAll: {} };

/** The parameter `lifecycle`, of the state that is served when this is called. @throws Problem when it is none that can be told */
export async function lifecycleAsked({ parts, standings }: Desk, query: Query): Promise<Asked> {
  const lifecycle = stateAsked(query);
  const { base } = parts.store;
  if (lifecycle === undefined || base === undefined) return EVERY;
  const { states, ages } = await standings.of(base);
  return { has: (key) => states.get(key) === lifecycle, ofFlag: { lifecycle }, ofAll: { ages } };
}

function stateAsked(query: Query) {
  const given = query.one('lifecycle') ?? '';
  if (Object.hasOwn(STATES, given) && !STATES_WITHOUT_CODE.some((state) => state === given)) {
    const choices = STATES_WITHOUT_CODE.join(', ');
    throw wrong(
      'lifecycle',
      `\`${given}\` depends on code, which a server does not have: ask \`flagstaff stale --code DIR\`, or for one of ${choices}`,
    );
  }
  return choiceOf(query, 'lifecycle', STATES_WITHOUT_CODE);
}
