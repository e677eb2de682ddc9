/** An IPv4 address in dots. Leading zeros pass, as they do in the server (ParseIPSloppy). */
export function isIPv4(text: string): boolean {
  if (!/^\d/.test(text)) return false;
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}

/** https://www.rfc-editor.org/rfc/rfc4291#section-2.2, without a zone. */
export function isIPv6(text: string): boolean {
  if (!text.includes(':')) return false;
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const tail = groups.at(-1) ?? '';
  const hasIPv4 = tail.includes('.');
  if (hasIPv4 && !isIPv4(tail)) return false;
  const plain = hasIPv4 ? groups.slice(0, -1) : groups;
  if (!plain.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false;
  const count = plain.length + (hasIPv4 ? 2 : 0);
  return halves.length === 2 ? count <= 7 : count === 8;
}

export function isIP(text: string): boolean {
  return isIPv4(text) || isIPv6(text);
}

export interface Network {
  readonly bits: bigint;
  readonly width: 32 | 128;
  readonly prefix: number;
}

/** `10.0.0.0/8`, `fd00::/8`; undefined for anything else. */
export function parseNetwork(text: string): Network | undefined {
  const [address = '', length = '', ...rest] = text.split('/');
  const width = isIPv4(address) ? 32 : isIPv6(address) ? 128 : undefined;
  const prefix = /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  if (width === undefined || rest.length > 0 || !(prefix <= width)) return undefined;
  return { bits: width === 32 ? bitsOfIPv4(address) : bitsOfIPv6(address), width, prefix };
}

/** Whether `inner` lies in `outer` and is smaller. */
export function isStrictlyWithin(inner: Network, outer: Network): boolean {
  const shift = BigInt(outer.width - outer.prefix);
  return inner.width === outer.width && inner.prefix > outer.prefix && inner.bits >> shift === outer.bits >> shift;
}

function bitsOfIPv4(text: string): bigint {
  return text.split('.').reduce((bits, part) => (bits << 8n) | BigInt(Number(part)), 0n);
}

function bitsOfIPv6(text: string): bigint {
  const [left = '', right] = text.split('::').map(groupsOf);
  const head = left === '' ? [] : left;
  const tail = right ?? [];
  const gap = right === undefined ? 0 : 8 - head.length - tail.length;
  return [...head, ...Array<number>(gap).fill(0), ...tail].reduce((bits, group) => (bits << 16n) | BigInt(group), 0n);
}

function groupsOf(half: string): readonly number[] {
  if (half === '') return [];
  return half.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const bits = Number(bitsOfIPv4(group));
    return [Math.floor(bits / 65536), bits % 65536];
  });
}
