/** What a template's entry for a function of the project says, in the keys of a function. */
import { entryOf, listOf, mapOf } from '../cloudformation/template.ts';
import { type Fields, makeFields } from '../fields.ts';
import type { Override } from './overrides.ts';
import type { Service } from './service.ts';
import { belowResources } from './template.ts';

/** Property of a function resource → the key of a function that says the same, and how it is written there. */
const functionKeys: Readonly<Record<string, readonly [key: string, of: (value: unknown) => unknown]>> = {
  Architectures: ['architecture', (list) => listOf(list)[0]],
  DeadLetterConfig: ['onError', (config) => mapOf(config).TargetArn],
  Description: ['description', (text) => text],
  EphemeralStorage: ['ephemeralStorageSize', (storage) => mapOf(storage).Size],
  Handler: ['handler', (text) => text],
  Layers: ['layers', (list) => list],
  MemorySize: ['memorySize', (size) => size],
  ReservedConcurrentExecutions: ['reservedConcurrency', (count) => count],
  Runtime: ['runtime', (text) => text],
  Timeout: ['timeout', (seconds) => seconds],
};

/** Means nothing on one's own machine, or is read by `environmentOf`. */
const quietProperties = new Set(
  `Code CodeSigningConfigArn Environment FileSystemConfigs KmsKeyArn Role RuntimeManagementConfig Tags TracingConfig VpcConfig`.split(
    ' ',
  ),
);

/** The section with what the overrides say of `keys` in it. */
export function withOverrides(
  section: Fields,
  keys: readonly string[],
  overrides: readonly Override[],
  { intrinsics }: Pick<Service, 'intrinsics'>,
): Fields {
  const values: Record<string, unknown> = { ...section.values };
  for (const { properties, path } of overrides)
    for (const [property, written] of Object.entries(properties)) {
      const [key, of] = entryOf(functionKeys, property) ?? [];
      if (key !== undefined && of && keys.includes(key))
        values[key] = of(
          // A layer of the service is found by what refers to it.
          property === 'Layers' ? written : intrinsics.resolve(written, [...path, property]),
        );
    }
  return makeFields(values, section.path, section.context);
}

/** Names the properties that have no effect here. */
export function warnOfOverrides(
  overrides: readonly Override[],
  section: Fields,
  { intrinsics }: Pick<Service, 'intrinsics'>,
): void {
  const context = { place: intrinsics.place, report: belowResources(section.context.report) };
  for (const { properties, path } of overrides)
    for (const property of Object.keys(properties))
      if (!Object.hasOwn(functionKeys, property) && !quietProperties.has(property))
        makeFields(properties, path, context).warn({
          code: 'not-emulated',
          key: property,
          message: `${property} is not read here for a function the framework makes`,
          hint: `write what it says in ${section.subject}`,
        });
}
