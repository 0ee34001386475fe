import { expect, test } from 'vitest';
import { DEFAULT_LIMITS, type SessionOptions } from '../../../src/app/options.ts';
import { changedSettings, settledOptions } from '../../../src/app/settled-options.ts';

const options: SessionOptions = {
  root: '/srv/shop',
  load: { parameters: {}, options: {}, env: {} },
  backend: 'auto',
  host: '127.0.0.1',
  httpPort: 3000,
  awsPort: 4566,
  watch: true,
  journal: true,
  eventSources: true,
  limits: DEFAULT_LIMITS,
  emit: () => {},
};

test('the project file counts for more than the defaults, a flag for more than the file', () => {
  const flags = { cold: 'on-demand', maxInstances: 2 } as const;
  const file = { cold: 'faithful', freeze: false, maxInstances: 8, memoryBudget: 300, httpPort: 0 } as const;
  expect(settledOptions({ ...options, flags }, file)).toEqual({
    ...options,
    flags,
    cold: 'on-demand',
    freeze: false,
    httpPort: 0,
    limits: { ...DEFAULT_LIMITS, perFunction: 2, memoryMb: 300 },
  });
});

test('where neither says anything the defaults stay', () => {
  expect(settledOptions(options)).toEqual(options);
});

test('a setting that changes while it runs is named, unless a flag hides it', () => {
  expect(changedSettings({ cold: 'fast' }, { cold: 'faithful', freeze: false })).toEqual(['cold', 'freeze']);
  expect(changedSettings({ cold: 'fast' }, {}, { cold: 'fast' })).toEqual([]);
  expect(changedSettings({ freeze: true }, undefined)).toEqual(['freeze']);
  expect(changedSettings(undefined, undefined)).toEqual([]);
});
