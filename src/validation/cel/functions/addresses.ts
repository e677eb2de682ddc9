import { maskedBits, parseCidr, parseIp, printIp } from '../addresses.ts';
import { type Cidr, failed, type Ip, type Result } from '../value.ts';
import { type Overload, on } from './define.ts';

/** https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-ip-address-library */
export const ADDRESSES: readonly Overload[] = [
  on('ip', ['string'], toIp),
  on('isIP', ['string'], (text) => parseIp(text) !== undefined),
  on('ip.isCanonical', ['string'], (text) => {
    const address = parseIp(text);
    return address === undefined ? badAddress(text) : printIp(address) === text;
  }),
  on('string', ['net.IP'], (address) => printIp(address)),
  on('.family', ['net.IP'], ({ width }) => (width === 32 ? 4n : 6n)),
  on('.isUnspecified', ['net.IP'], ({ bits }) => bits === 0n),
  on('.isLoopback', ['net.IP'], isLoopback),
  on('.isLinkLocalMulticast', ['net.IP'], isLinkLocalMulticast),
  on('.isLinkLocalUnicast', ['net.IP'], isLinkLocalUnicast),
  on('.isGlobalUnicast', ['net.IP'], (address) => isGlobalUnicast(address)),
  on('cidr', ['string'], (text) => parseCidr(text) ?? badNetwork(text)),
  on('isCIDR', ['string'], (text) => parseCidr(text) !== undefined),
  on('string', ['net.CIDR'], (network) => `${printIp(network)}/${network.prefix}`),
  on('.ip', ['net.CIDR'], ({ width, bits }) => ({ type: 'net.IP', width, bits })),
  on('.prefixLength', ['net.CIDR'], ({ prefix }) => BigInt(prefix)),
  on('.masked', ['net.CIDR'], (network) => ({
    ...network,
    bits: maskedBits(network.bits, network.width, network.prefix),
  })),
  on('.containsIP', ['net.CIDR', 'net.IP'], containsIp),
  on('.containsIP', ['net.CIDR', 'string'], (network, text) => {
    const address = parseIp(text);
    return address === undefined ? badAddress(text) : containsIp(network, address);
  }),
  on('.containsCIDR', ['net.CIDR', 'net.CIDR'], containsCidr),
  on('.containsCIDR', ['net.CIDR', 'string'], (network, text) => {
    const inner = parseCidr(text);
    return inner === undefined ? badNetwork(text) : containsCidr(network, inner);
  }),
];

function toIp(text: string): Result {
  return parseIp(text) ?? badAddress(text);
}

function badAddress(text: string): Result {
  return failed(`${JSON.stringify(text.slice(0, 60))} is no IP address`);
}

function badNetwork(text: string): Result {
  return failed(`${JSON.stringify(text.slice(0, 60))} is no network`);
}

function isIn({ width, bits }: Ip, size: 32 | 128, network: bigint, prefix: bigint): boolean {
  return width === size && bits >> (BigInt(size) - prefix) === network;
}

function isLoopback(address: Ip): boolean {
  return isIn(address, 32, 127n, 8n) || (address.width === 128 && address.bits === 1n);
}

function isLinkLocalMulticast(address: Ip): boolean {
  return isIn(address, 32, 0xe00000n, 24n) || (isIn(address, 128, 0xffn, 8n) && ((address.bits >> 112n) & 0xfn) === 2n);
}

function isLinkLocalUnicast(address: Ip): boolean {
  return isIn(address, 32, 0xa9fen, 16n) || isIn(address, 128, 0b1111111010n, 10n);
}

/** https://pkg.go.dev/net/netip#Addr.IsGlobalUnicast */
function isGlobalUnicast(address: Ip): boolean {
  const isMulticast = isIn(address, 32, 0b1110n, 4n) || isIn(address, 128, 0xffn, 8n);
  const isBroadcast = address.width === 32 && address.bits === 0xffffffffn;
  return !isMulticast && !isBroadcast && address.bits !== 0n && !isLoopback(address) && !isLinkLocalUnicast(address);
}

function containsIp(network: Cidr, { width, bits }: Ip): boolean {
  return (
    network.width === width &&
    maskedBits(bits, width, network.prefix) === maskedBits(network.bits, width, network.prefix)
  );
}

function containsCidr(network: Cidr, inner: Cidr): boolean {
  const address = { type: 'net.IP', width: inner.width, bits: inner.bits } as const;
  return containsIp(network, address) && inner.prefix >= network.prefix;
}
