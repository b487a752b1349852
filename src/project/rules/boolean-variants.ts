import type { SubjectRule } from '../rule.js';
import { BOOLEAN_VARIANTS } from '../variants.js';

export const booleanVariants: SubjectRule = {
  code: 'type/boolean-variants',
  *check({ flag }) {
    const { type, variants } = flag?.data ?? {};
    const names = Object.keys(variants ?? {});
    if (flag === undefined || type !== 'boolean' || names.length === 0 || isOnAndOff(variants, names)) return;
    yield {
      file: flag.file,
      pointer: '/variants',
      target: 'key',
      message: 'a boolean flag has exactly `on: true` and `off: false`',
      help: 'leave `variants` out, or choose another `type`',
    };
  },
};

function isOnAndOff(variants: unknown, names: readonly string[]): boolean {
  const written = variants as Readonly<Record<string, unknown>>;
  return names.length === 2 && names.every((name) => written[name] === BOOLEAN_VARIANTS[name]);
}
