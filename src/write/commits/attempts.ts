import { setTimeout as sleep } from 'node:timers/promises';
import { Refusal } from '../../diagnostics/refusal.js';
import { isAncestor } from '../../sources/git-branches.js';
import type { WritePlan, WriteRequest, Written } from '../writer.js';
import type { BranchState, BranchStates } from './branch-state.js';
import { buildCommit, type CommitBuilder } from './build-commit.js';
import type { Head, Move, Target } from './target.js';

export interface Attempts {
  readonly states: BranchStates;
  readonly builder: CommitBuilder;
  /** How often a branch may move away under a write. */
  readonly tries: number;
  /** In [0, 1). */
  readonly random: () => number;
}

/** What was made on one head: on the same head it is tried again as it is, so it can never come twice. */
interface Built {
  readonly state: BranchState;
  readonly plan: WritePlan;
  readonly commit: string;
}

/** milliseconds */
const LONGEST_PAUSE = 500;

/** How often it may stay open whether a branch moved. */
const UNKNOWNS = 2;

/** Plans, builds and moves until the branch has the commit, or somebody says no. @throws Refusal */
export async function attempt(parts: Attempts, target: Target, request: WriteRequest): Promise<Written> {
  const { tries, random } = parts;
  let built: Built | undefined;
  let sent: Built | undefined;
  let unknowns = 0;
  for (let tried = 0; tried < tries && unknowns <= UNKNOWNS; tried++) {
    if (tried > 0) await sleep(random() * Math.min(LONGEST_PAUSE, 10 * 2 ** tried));
    const head = await headOf(target, sent);
    if (sent !== undefined && (await isOn(parts, sent, head))) return written(sent.commit, []);
    if (built?.state.commit !== head.commit) {
      sent = undefined;
      built = await build(parts, head, request);
    }
    if (built === undefined) return { commit: head.commit, changed: false, leftAlone: [] };
    const moved = await move(target, head, built).catch((error) => {
      throw sent === undefined ? error : unknownOutcome(sent, error);
    });
    if (moved.kind === 'moved') return settle(parts, built, moved.leftAlone);
    if (moved.kind === 'behind') continue;
    sent = built;
    unknowns += 1;
  }
  throw sent === undefined ? contended(tries) : unknownOutcome(sent);
}

/** The remote may have taken the commit before it went away. */
async function headOf(target: Target, sent: Built | undefined): Promise<Head> {
  if (sent === undefined) return target.head();
  return target.head().catch((error) => {
    throw unknownOutcome(sent, error);
  });
}

function isOn({ states }: Attempts, { commit }: Built, head: Head): Promise<boolean> {
  return isAncestor(states.git, commit, head.commit);
}

async function build({ states, builder }: Attempts, head: Head, request: WriteRequest): Promise<Built | undefined> {
  const state = await states.at(head.commit);
  const plan = await request.plan({ files: state.files, commit: state.commit });
  if (plan === undefined || plan.edits.length === 0) return undefined;
  return { state, plan, commit: await buildCommit(builder, state, plan, request) };
}

function move(target: Target, head: Head, { state, plan, commit }: Built): Promise<Move> {
  const touched = plan.edits.map(({ path, before }) => ({ path: state.prefix + path, isNew: before === undefined }));
  return target.move(head, commit, touched);
}

function settle({ states }: Attempts, { state, plan, commit }: Built, leftAlone: readonly string[]): Written {
  states.advance(state, commit, plan.edits);
  const stayed = plan.edits.some(({ path }) => leftAlone.includes(state.prefix + path));
  return { ...written(commit, leftAlone), ...(stayed && { stayed }) };
}

function written(commit: string, leftAlone: readonly string[]): Written {
  return { commit, changed: true, leftAlone };
}

function contended(tries: number): Refusal {
  return new Refusal('contended', `the branch moved away ${tries} times; nothing was changed`, {
    help: 'many write at once; try again',
  });
}

function unknownOutcome({ commit }: Built, cause?: unknown): Refusal {
  return new Refusal('outcome-unknown', `there was no answer to commit \`${commit.slice(0, 12)}\``, {
    help: 'it may be written or not; read the object again before you try again',
    cause,
  });
}
