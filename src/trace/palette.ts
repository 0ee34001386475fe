/** Colours as functions, so that drawing stays pure; `plain` leaves text alone. */

export interface Palette {
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
}

const same = (text: string) => text;

export const plain: Palette = { red: same, green: same, yellow: same, cyan: same, dim: same, bold: same };
