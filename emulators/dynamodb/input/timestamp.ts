/** Shape of times: epoch seconds with fractions in requests, epoch ms here. */
import { wrongScalar } from './scalars.ts';
import type { Shape } from './shape.ts';

export const timestamp: Shape<number> = {
  javaType: 'java.util.Date',
  decode(value) {
    if (typeof value === 'number') return Math.round(value * 1000);
    throw wrongScalar(value, 'Long');
  },
  constrain() {},
  print: (at) => String(at / 1000),
};
