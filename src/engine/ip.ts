import ipaddr from 'ipaddr.js';

/** An address: four bytes (IPv4) or sixteen (IPv6). An IPv4-mapped IPv6 address is that IPv4. */
export type Address = readonly number[];

/** The addresses whose first `prefix` bits are those of `network`. */
export interface IpRange {
  readonly network: Address;
  readonly prefix: number;
}

const MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255];
const LONGEST = 45;

/** Strict IPv4 (four decimal parts, no leading zeros) or IPv6 without zone id; `undefined` for anything else. */
export function parseAddress(text: string): Address | undefined {
  const bytes = parseBytes(text);
  return bytes !== undefined && isMapped(bytes) ? bytes.slice(12) : bytes;
}

/** A CIDR, or a bare address as a range of one; `undefined` for anything else. Bits after the prefix do not count. */
export function parseIpRange(text: string): IpRange | undefined {
  const [address = '', length, ...more] = text.split('/');
  const network = parseBytes(address);
  if (network === undefined || more.length > 0) return undefined;
  const prefix = length === undefined ? network.length * 8 : parsePrefix(length, network.length * 8);
  return prefix === undefined ? undefined : unmapped(network, prefix);
}

/** Is the address one of the range? */
export function isInRange(address: Address, { network, prefix }: IpRange): boolean {
  if (address.length !== network.length) return false;
  const whole = prefix >> 3;
  for (let index = 0; index < whole; index += 1) {
    if (address[index] !== network[index]) return false;
  }
  return (((address[whole] ?? 0) ^ (network[whole] ?? 0)) & (0xff00 >> (prefix & 7)) & 0xff) === 0;
}

/** A range inside the IPv4-mapped addresses is a range of IPv4; a wider one holds IPv6 addresses alone. */
function unmapped(network: Address, prefix: number): IpRange {
  return isMapped(network) && prefix >= 96 ? { network: network.slice(12), prefix: prefix - 96 } : { network, prefix };
}

function isMapped(bytes: Address): boolean {
  return bytes.length === 16 && MAPPED.every((byte, index) => bytes[index] === byte);
}

function parsePrefix(text: string, longest: number): number | undefined {
  return /^(0|[1-9]\d{0,2})$/.test(text) && Number(text) <= longest ? Number(text) : undefined;
}

function parseBytes(text: string): Address | undefined {
  if (text.length > LONGEST) return undefined;
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

const BYTE = '(0|[1-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-5])';
const IPV4 = new RegExp(`^${BYTE}\\.${BYTE}\\.${BYTE}\\.${BYTE}$`);

function parseIpv4(text: string): Address | undefined {
  return IPV4.exec(text)?.slice(1).map(Number);
}

/** ipaddr.js accepts zone ids and octal parts of an embedded IPv4, which are refused here first. */
function parseIpv6(text: string): Address | undefined {
  const [, head = '', tail] = /^([0-9A-Fa-f:]*:)([^:]*)$/.exec(text) ?? [];
  const embedded = tail?.includes('.') ? parseIpv4(tail) : [];
  if (tail === undefined || embedded === undefined) return undefined;
  const plain = embedded.length === 0 ? text : head + hexadecimal(embedded);
  return /^[0-9A-Fa-f:]+$/.test(plain) && ipaddr.IPv6.isValid(plain)
    ? ipaddr.IPv6.parse(plain).toByteArray()
    : undefined;
}

function hexadecimal([a = 0, b = 0, c = 0, d = 0]: Address): string {
  return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}
