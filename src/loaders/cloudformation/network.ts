/** The two intrinsic functions about networks, which a laptop only needs well enough for texts made of them. */

/** Three zones, as most regions have. */
export function availabilityZones(region: string): string[] {
  return ['a', 'b', 'c'].map((letter) => `${region}${letter}`);
}

/** `count` consecutive IPv4 blocks with `hostBits` host bits each; undefined for what is not IPv4 or does not fit. */
export function subnets(block: string, count: number, hostBits: number): string[] | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(block);
  if (!match || !(count >= 1) || !(hostBits >= 1 && hostBits <= 32)) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = match.slice(1).map(Number);
  const size = 2 ** hostBits;
  if (count * size > 2 ** (32 - prefix)) return undefined;
  const first = ((a * 256 + b) * 256 + c) * 256 + d;
  return Array.from({ length: count }, (_, index) => `${dottedQuad(first + index * size)}/${32 - hostBits}`);
}

function dottedQuad(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
