/** Settings tools read and write that change nothing here: runtime updates, the recursion guard, code signing. */
import type { RestRoute } from '../../../src/model/service-api.ts';
import { type RuntimeUpdates, withEntry } from '../deployed/extras.ts';
import { invalidParameter, missing } from '../errors.ts';
import { oneOf, readInput, text } from '../input.ts';
import { namedQualified } from '../qualified.ts';
import { functionRoute, namedCurrent, reply, type Service } from '../service.ts';

const RUNTIME = '/2021-07-20/functions/{FunctionName}/runtime-management-config';
const RECURSION = '/2024-08-31/functions/{FunctionName}/recursion-config';

export function makeAcceptedSettingRoutes(service: Service): readonly RestRoute[] {
  const { extras } = service;
  return [
    functionRoute('PutRuntimeManagementConfig', 'PUT', RUNTIME, (request) => {
      const { fn, qualifier, arn } = namedQualified(service, request);
      const updates = readUpdates(request.body);
      extras.change(fn.name, {
        runtimeUpdates: withEntry(extras.of(fn.name).runtimeUpdates, qualifier, updates),
      });
      return reply(200, { FunctionArn: arn, ...describeUpdates(updates) });
    }),
    functionRoute('GetRuntimeManagementConfig', 'GET', RUNTIME, (request) => {
      const { fn, qualifier, arn } = namedQualified(service, request);
      const updates = extras.of(fn.name).runtimeUpdates?.[qualifier] ?? { on: 'Auto' };
      return reply(200, { FunctionArn: arn, ...describeUpdates(updates) });
    }),
    functionRoute('PutFunctionRecursionConfig', 'PUT', RECURSION, (request) => {
      const fn = namedCurrent(service, request);
      const recursiveLoop =
        oneOf(readInput(request.body), 'RecursiveLoop', ['Allow', 'Terminate']) ?? missing('recursiveLoop');
      extras.change(fn.name, { recursiveLoop });
      return reply(200, { RecursiveLoop: recursiveLoop });
    }),
    functionRoute('GetFunctionRecursionConfig', 'GET', RECURSION, (request) => {
      const { name } = namedCurrent(service, request);
      return reply(200, { RecursiveLoop: extras.of(name).recursiveLoop ?? 'Terminate' });
    }),
    functionRoute(
      'GetFunctionCodeSigningConfig',
      'GET',
      '/2020-06-30/functions/{FunctionName}/code-signing-config',
      (request) => reply(200, { FunctionName: namedCurrent(service, request).name }),
    ),
  ];
}

function readUpdates(body: Buffer): RuntimeUpdates {
  const input = readInput(body);
  const on =
    oneOf(input, 'UpdateRuntimeOn', ['Auto', 'Manual', 'FunctionUpdate']) ?? missing('updateRuntimeOn');
  const versionArn = text(input, 'RuntimeVersionArn');
  if (on === 'Manual' && versionArn === undefined)
    throw invalidParameter('RuntimeVersionArn is required when UpdateRuntimeOn is Manual.');
  if (on !== 'Manual' && versionArn !== undefined)
    throw invalidParameter('RuntimeVersionArn is only allowed when UpdateRuntimeOn is Manual.');
  return { on, ...(versionArn !== undefined && { versionArn }) };
}

function describeUpdates({ on, versionArn }: RuntimeUpdates) {
  return { UpdateRuntimeOn: on, ...(versionArn !== undefined && { RuntimeVersionArn: versionArn }) };
}
