import { child } from '../../diagnostics/pointer.js';
import type { Part } from '../project.js';
import type { RuleFinding, SubjectRule } from '../rule.js';
import { variantName } from '../variants.js';

export const duplicateOverride: SubjectRule = {
  code: 'reference/duplicate-override',
  *check({ parts }) {
    for (const part of parts) if (part.behaviour.overrides) yield* repetitions(part, part.behaviour.overrides);
  },
};

function* repetitions(part: Part, overrides: Readonly<Record<string, readonly string[]>>): Iterable<RuleFinding> {
  const seen = new Map<string, { readonly variant: string; readonly pointer: string }>();
  for (const [written, keys] of Object.entries(overrides)) {
    const variant = variantName(written, part.flag.data.type);
    for (const [index, key] of keys.entries()) {
      const pointer = child(part.pointer, 'overrides', written, index);
      const first = seen.get(key);
      if (first === undefined) seen.set(key, { variant, pointer });
      else if (first.variant !== variant) yield twice(part.file, key, { variant, pointer }, first);
    }
  }
}

interface Listed {
  readonly variant: string;
  readonly pointer: string;
}

function twice(file: string, key: string, second: Listed, first: Listed): RuleFinding {
  return {
    file,
    pointer: second.pointer,
    message: `\`${key}\` gets \`${second.variant}\` here, but is listed under \`${first.variant}\` too`,
    help: 'list it under one variant',
    related: [{ file, pointer: first.pointer, message: 'the other one' }],
  };
}
