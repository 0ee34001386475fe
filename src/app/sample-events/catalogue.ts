/** Every source sample events can be made of. */
import { SlsError } from '../../std/errors.ts';
import { nearestName } from '../data-tables.ts';
import { busSources } from './buses.ts';
import { changeSources } from './changes.ts';
import { deploymentSources } from './deployment.ts';
import { deviceSources } from './devices.ts';
import { edgeSources } from './edge.ts';
import { gatewaySources } from './gateways.ts';
import { httpSources } from './http.ts';
import { messageSources } from './messages.ts';
import { peopleSources } from './people.ts';
import type { Sample, SampleOption, SampleSource } from './sample.ts';
import { storageSources } from './storage.ts';
import { streamSources } from './streams.ts';
import { userPoolSources } from './user-pools.ts';

export const sampleSources: readonly SampleSource[] = [
  ...httpSources,
  ...gatewaySources,
  ...messageSources,
  ...storageSources,
  ...streamSources,
  ...changeSources,
  ...busSources,
  ...deploymentSources,
  ...edgeSources,
  ...userPoolSources,
  ...peopleSources,
  ...deviceSources,
];

/** JSON value of an event. Throws `SlsError` `source-unknown`, or `bad-option` for what this source does not take. */
export function makeSampleEvent(name: string, sample: Sample): unknown {
  const source = needSource(name);
  for (const option of Object.keys(sample.given) as SampleOption[]) {
    if (sample.given[option] === undefined || source.options.includes(option)) continue;
    throw new SlsError('bad-option', `an event of ${name} has no --${option}`, {
      hint: `it takes ${source.options.map((each) => `--${each}`).join(', ')}; anything else with --set path=value`,
    });
  }
  return source.make(sample);
}

function needSource(name: string): SampleSource {
  const found = sampleSources.find((source) => source.name === name);
  if (found) return found;
  const near = nearestName(
    name,
    sampleSources.map((source) => source.name),
  );
  throw new SlsError(
    'source-unknown',
    `there is no event source "${name}"${near === undefined ? '' : `; did you mean "${near}"?`}`,
    { hint: 'see them all with: sls-local events generate --list' },
  );
}
