/** Lowers function URLs: SAM's FunctionUrlConfig and AWS::Lambda::Url. */
import type { FunctionUrlTrigger } from '../../model/project.ts';
import type { Path } from '../yaml.ts';
import { reportCorsKeys } from './cors-keys.ts';
import { listedCors } from './http.ts';
import { asText } from './plain-functions.ts';
import { isMap, type TemplateResource, type Values } from './template.ts';
import { type TriggerContext, warn } from './trigger-context.ts';

/** The URL a SAM function asks for with `FunctionUrlConfig`. */
export function lowerFunctionUrlConfig(
  resource: TemplateResource,
  functionId: string,
  context: TriggerContext,
): FunctionUrlTrigger[] {
  const { FunctionUrlConfig } = context.intrinsics.properties(resource, ['FunctionUrlConfig']);
  if (!isMap(FunctionUrlConfig)) return [];
  const path = [...resource.path, 'Properties', 'FunctionUrlConfig'];
  return [urlTrigger(functionId, FunctionUrlConfig, path, context)];
}

export function lowerUrlResource(resource: TemplateResource, context: TriggerContext): FunctionUrlTrigger[] {
  const properties = context.intrinsics.properties(resource, [
    'TargetFunctionArn',
    'AuthType',
    'Cors',
    'InvokeMode',
  ]);
  const path = [...resource.path, 'Properties'];
  const functionId = context.functions.named(asText(properties.TargetFunctionArn));
  if (functionId !== undefined) return [urlTrigger(functionId, properties, path, context)];
  warn(
    context,
    'unknown-function',
    [...path, 'TargetFunctionArn'],
    `function URL "${resource.id}" is for "${asText(properties.TargetFunctionArn)}", which is not a function of this project`,
  );
  return [];
}

function urlTrigger(
  functionId: string,
  url: Values,
  path: Path,
  context: TriggerContext,
): FunctionUrlTrigger {
  const cors = listedCors(url.Cors);
  reportCorsKeys(url.Cors, 'listed', [...path, 'Cors'], context);
  return {
    kind: 'function-url',
    functionId,
    ...(url.InvokeMode === 'RESPONSE_STREAM' ? { streams: true } : {}),
    ...(cors ? { cors } : {}),
    ...(url.AuthType === 'AWS_IAM' ? { authorizer: { kind: 'iam' } } : {}),
    place: context.intrinsics.place(path),
  };
}
