/** Provisioned concurrency, which CloudFormation writes on an alias or a version of the function. */
import type { Intrinsics } from './intrinsics.ts';
import { functionNameIn } from './physical.ts';
import { asText } from './plain-functions.ts';
import type { TemplateResource } from './template.ts';

const types = new Set(['AWS::Lambda::Alias', 'AWS::Lambda::Version']);

/** The alias or version of this function that has any. */
export function provisionedBy(fn: TemplateResource, intrinsics: Intrinsics): TemplateResource | undefined {
  const name = intrinsics.physicalName(fn.id);
  return intrinsics.resources.find((resource) => {
    if (!types.has(resource.type) || resource.properties.ProvisionedConcurrencyConfig === undefined)
      return false;
    const keys = ['FunctionName', 'ProvisionedConcurrencyConfig'];
    const { FunctionName, ProvisionedConcurrencyConfig } = intrinsics.properties(resource, keys);
    return ProvisionedConcurrencyConfig !== undefined && functionNameIn(asText(FunctionName)) === name;
  });
}
