import { BlockList, isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInRange, parseAddress, parseIpRange } from '../../src/engine/ip.js';

const byte = fc.nat({ max: 255 });
const ipv4 = fc.tuple(byte, byte, byte, byte).map((bytes) => bytes.join('.'));
const hextet = fc.oneof(
  fc.constant('0'),
  fc.nat({ max: 0xffff }).map((value) => value.toString(16)),
);
const full = fc.array(hextet, { minLength: 8, maxLength: 8 }).map((parts) => parts.join(':'));
const messy = fc
  .array(fc.constantFrom('0', '1', 'ffff', '0db8', 'g', ':', '::', '.', '1.2.3.4', '01.2.3.4', '%', '/', ''), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''));

/** Node counts IPv4 as part of `::ffff:0:0/96`; here they are two families. */
function isMember(address: string, network: string, prefix: number): boolean {
  const list = new BlockList();
  const family = isIPv4(network) ? 'ipv4' : 'ipv6';
  list.addSubnet(network, prefix, family);
  return list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

function ours(address: string, range: string): boolean {
  const parsed = parseAddress(address);
  const parsedRange = parseIpRange(range);
  if (parsed === undefined || parsedRange === undefined) throw new Error(`${address} or ${range} cannot be read`);
  return isInRange(parsed, parsedRange);
}

describe('addresses', () => {
  it('are those that the operating system takes, zone ids apart', () => {
    fc.assert(
      fc.property(fc.oneof(ipv4, full, messy), (text) => {
        const expected = (isIPv4(text) || isIPv6(text)) && !text.includes('%');
        expect(parseAddress(text) !== undefined).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '1.2.3.256',
    '0x1.2.3.4',
    '1.2.3.-4',
    '16909060',
    '::1%eth0',
    '::1%',
    ':::',
    '1::2::3',
    '12345::',
    '::1.2.3',
    '::01.2.3.4',
    '1:2:3:4:5:6:7:1.2.3.4',
    '::1 ',
    '[::1]',
    '::g',
    '1.2.3.4::',
    ':'.repeat(100),
  ])('`%s` is none', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  it('that are IPv4-mapped are IPv4', () => {
    fc.assert(
      fc.property(ipv4, (text) => {
        expect(parseAddress(`::ffff:${text}`)).toEqual(parseAddress(text));
      }),
    );
  });
});

describe('ranges', () => {
  it('hold what Node says they hold, in IPv4', () => {
    fc.assert(
      fc.property(ipv4, ipv4, fc.nat({ max: 32 }), (address, network, prefix) => {
        expect(ours(address, `${network}/${prefix}`)).toBe(isMember(address, network, prefix));
        expect(ours(network, `${network}/${prefix}`)).toBe(true);
      }),
    );
  });

  it('hold what Node says they hold, in IPv6', () => {
    const outside = full.filter((text) => !text.startsWith('0:0:0:0:0:'));
    fc.assert(
      fc.property(outside, outside, fc.nat({ max: 128 }), (address, network, prefix) => {
        expect(ours(address, `${network}/${prefix}`)).toBe(isMember(address, network, prefix));
        expect(ours(network, `${network}/${prefix}`)).toBe(true);
      }),
    );
  });

  it.each([
    '1.2.3.4/33',
    '1.2.3.4/',
    '1.2.3.4/08',
    '1.2.3.4/-1',
    '1.2.3.4/8/8',
    '1.2.3.4/a',
    '::/129',
    '/8',
    '1.2.3/8',
    '',
  ])('`%s` is none', (text) => {
    expect(parseIpRange(text)).toBeUndefined();
  });

  it('wider than the mapped addresses hold IPv6 alone', () => {
    expect(ours('::ffff:1.2.3.4', '::ffff:0:0/95')).toBe(false);
    expect(ours('::fffe:1.2.3.4', '::ffff:0:0/95')).toBe(true);
    expect(ours('1.2.3.4', '::ffff:0:0/96')).toBe(true);
  });
});
