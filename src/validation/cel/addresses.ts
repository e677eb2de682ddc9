import { parseNetwork } from '../kubernetes/addresses.ts';
import type { Cidr, Ip } from './value.ts';

/** An address without a zone, in no other form than Go's netip reads it; undefined for anything else. */
export function parseIp(text: string): Ip | undefined {
  if (/(^|[.])0\d/.test(text) && text.includes('.')) return undefined;
  const network = parseNetwork(`${text}/${text.includes(':') ? 128 : 32}`);
  if (network === undefined || isMapped(network)) return undefined;
  return { type: 'net.IP', width: network.width, bits: network.bits };
}

export function parseCidr(text: string): Cidr | undefined {
  const [address = '', prefix = ''] = text.split('/');
  const network = parseNetwork(text);
  if (network === undefined || parseIp(address) === undefined || (prefix.length > 1 && prefix.startsWith('0')))
    return undefined;
  return { type: 'net.CIDR', width: network.width, bits: network.bits, prefix: network.prefix };
}

/** IPv4 in the clothes of IPv6 is refused by Kubernetes' library. */
function isMapped({ width, bits }: { readonly width: 32 | 128; readonly bits: bigint }): boolean {
  return width === 128 && bits >> 32n === 0xffffn;
}

/** https://www.rfc-editor.org/rfc/rfc5952 */
export function printIp({ width, bits }: { readonly width: 32 | 128; readonly bits: bigint }): string {
  if (width === 32) return [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 255n).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => ((bits >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
  const [start, length] = longestZeros(groups);
  if (length < 2) return groups.join(':');
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
}

function longestZeros(groups: readonly string[]): readonly [number, number] {
  let best: readonly [number, number] = [0, 0];
  for (let start = 0; start < groups.length; start++) {
    const end = groups.findIndex((group, index) => index >= start && group !== '0');
    const length = (end < 0 ? groups.length : end) - start;
    if (length > best[1]) best = [start, length];
  }
  return best;
}

/** The bits of the network that the address is in. */
export function maskedBits(bits: bigint, width: number, prefix: number): bigint {
  const shift = BigInt(width - prefix);
  return (bits >> shift) << shift;
}
