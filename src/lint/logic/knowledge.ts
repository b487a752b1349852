import { TARGETING_KEY } from '../../model/context.js';
import type { Project } from '../../project/project.js';
import { variantName } from '../../project/variants.js';
import type { WrittenComparison } from '../../project/written.js';
import type { Literal } from '../conjunctions.js';
import { lineageOf } from '../lineage.js';
import { type Claim, claimOf, membership, type Subject } from './facts.js';

/** What a project says of the things that comparisons ask about. */
export interface Knowledge {
  /** What follows when a comparison holds, or does not if it is negated. */
  readonly claimsOf: (literal: Literal) => readonly Claim[];
  /** Is there one value, and never a list of them? */
  readonly hasOneValue: (subject: Subject) => boolean;
}

const known = new WeakMap<Project, Knowledge>();

/** Of one project there is one, so that each comparison is looked into once. */
export function knowledgeOf(project: Project): Knowledge {
  const knowledge = known.get(project) ?? createKnowledge(project);
  known.set(project, knowledge);
  return knowledge;
}

function createKnowledge(project: Project): Knowledge {
  const hasOneValue = ({ kind, name }: Subject): boolean => kind !== 'attribute' || isScalar(name, project);
  const claims = new Map<WrittenComparison, Claim>();
  const claimIn = (comparison: WrittenComparison): Claim => {
    const claim = claims.get(comparison) ?? claimOf(normalize(comparison, project), hasOneValue);
    claims.set(comparison, claim);
    return claim;
  };
  return {
    hasOneValue,
    claimsOf: ({ comparison, negated }) => {
      const claim = claimIn(comparison);
      return withAncestors({ ...claim, negated: claim.negated !== negated }, project);
    },
  };
}

function isScalar(attribute: string, { config }: Project): boolean {
  if (attribute === TARGETING_KEY) return true;
  const type = config.data.context?.[attribute]?.type;
  return type !== undefined && type !== 'list' && type !== 'any';
}

/** `true` and `on` are the same variant of a boolean flag. */
function normalize(comparison: WrittenComparison, { flags }: Project): WrittenComparison {
  const { operator, value, flag = '' } = comparison;
  const type = flags.get(flag)?.data.type;
  if (operator !== 'serves' || type === undefined) return comparison;
  return { ...comparison, value: [value].flat().map((variant) => variantName(String(variant), type)) };
}

/** A member of a segment is a member of its parent too. */
function withAncestors(claim: Claim, project: Project): Claim[] {
  const { kind, name } = claim.fact.subject;
  if (kind !== 'segment' || claim.negated) return [claim];
  return [claim, ...lineageOf(project, name).slice(1).map(membership)];
}
