import { rangesOf } from '../places.js';
import type { GateRule } from '../rule.js';

export const range: GateRule = {
  code: 'arithmetic/range',
  *check(project) {
    for (const { range: written, file, pointer } of rangesOf(project)) {
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
