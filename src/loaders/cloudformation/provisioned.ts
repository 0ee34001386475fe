/** Where a template asks for provisioned concurrency: on the function (SAM), or on an alias or a version of it. */
import type { Path } from '../yaml.ts';
import type { Intrinsics } from './intrinsics.ts';
import { functionNameIn } from './physical.ts';
import { asText } from './plain-functions.ts';
import { mapOf, type TemplateResource } from './template.ts';

const KEY = 'ProvisionedConcurrencyConfig';
const types = new Set(['AWS::Lambda::Alias', 'AWS::Lambda::Version']);

export interface Provisioned {
  /** As resolved; a number where all is well. */
  readonly count: unknown;
  /** Of the setting. */
  readonly path: Path;
}

export function provisionedOf(fn: TemplateResource, intrinsics: Intrinsics): Provisioned | undefined {
  const name = intrinsics.physicalName(fn.id);
  const isOfFunction = (resource: TemplateResource) =>
    types.has(resource.type) &&
    functionNameIn(asText(intrinsics.properties(resource, ['FunctionName']).FunctionName)) === name;
  for (const resource of [fn, ...intrinsics.resources]) {
    if (resource.properties[KEY] === undefined || (resource !== fn && !isOfFunction(resource))) continue;
    const config = intrinsics.properties(resource, [KEY])[KEY];
    if (config === undefined) continue;
    const { ProvisionedConcurrentExecutions: count } = mapOf(config);
    return { count, path: [...resource.path, 'Properties', KEY] };
  }
  return undefined;
}
