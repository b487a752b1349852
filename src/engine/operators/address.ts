import { anyElement, textsOf, type ValueOperator } from './operator.js';

/** An address lies in any of the ranges. */
export const ipIn: ValueOperator = {
  takes: 'an IP address',
  compile: (comparison, { isInRange, parseAddress, parseIpRange }) => {
    const ranges = textsOf(comparison)?.map((text) => parseIpRange(text));
    if (!ranges?.every((range) => range !== undefined)) return undefined;
    return anyElement((seen) => {
      const address = typeof seen === 'string' ? parseAddress(seen) : undefined;
      return address !== undefined && ranges.some((range) => isInRange(address, range));
    });
  },
};
