import type { GateRule } from '../rule.js';
import { BOOLEAN_VARIANTS } from '../variants.js';

export const booleanVariants: GateRule = {
  code: 'type/boolean-variants',
  *check({ flags }) {
    for (const { file, data } of flags.values()) {
      const names = Object.keys(data.variants ?? {});
      if (data.type !== 'boolean' || names.length === 0 || isOnAndOff(data.variants, names)) continue;
      yield {
        file,
        pointer: '/variants',
        target: 'key',
        message: 'a boolean flag has exactly `on: true` and `off: false`',
        help: 'leave `variants` out, or choose another `type`',
      };
    }
  },
};

function isOnAndOff(variants: unknown, names: readonly string[]): boolean {
  const written = variants as Readonly<Record<string, unknown>>;
  return names.length === 2 && names.every((name) => written[name] === BOOLEAN_VARIANTS[name]);
}
