import { rangesOf } from '../places.js';
import type { SubjectRule } from '../rule.js';

export const range: SubjectRule = {
  code: 'arithmetic/range',
  *check(subject) {
    for (const { range: written, file, pointer } of rangesOf(subject)) {
      const [from, to] = written;
      if (from < to) continue;
      yield {
        file,
        pointer,
        message: `the range [${from}, ${to}] ${from === to ? 'is empty' : 'runs backwards'}`,
        help: from === to ? 'the second number is the end, which does not belong to it' : `write [${to}, ${from}]`,
      };
    }
  },
};
