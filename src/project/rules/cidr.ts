import { parseIpRange } from '../../engine/ip.js';
import { notationRule } from '../notation.js';

export const cidr = notationRule({
  code: 'type/cidr',
  operators: ['ip_in'],
  problemOf: (text) => (parseIpRange(text) === undefined ? 'is not an address or address range' : undefined),
  help: 'write it like 10.0.0.0/8, 2001:db8::/32 or 192.0.2.1',
});
