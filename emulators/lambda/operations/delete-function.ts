/** DeleteFunction: all of it, or one version. */
import type { RestRoute } from '../../../src/model/service-api.ts';
import { isOwn, packagesOfOverrides } from '../deployed/change.ts';
import { forgetQualifier } from '../deployed/extras.ts';
import { forgetUnused } from '../deployed/packages.ts';
import { below } from '../deployed/records.ts';
import { conflict, functionNotFound, invalidParameter, notEmulated } from '../errors.ts';
import { findCurrent, parseFunctionName } from '../function-name.ts';
import { functionRoute, type Service } from '../service.ts';

export function makeDeleteFunction(service: Service): RestRoute {
  return functionRoute(
    'DeleteFunction',
    'DELETE',
    '/2015-03-31/functions/{FunctionName}',
    async ({ pathParameters, query }) => {
      const named = parseFunctionName(pathParameters.FunctionName ?? '', query.get('Qualifier'));
      const fn = findCurrent(service.context, named);
      service.records.write(() => {
        if (named.qualifier === undefined) deleteWhole(service, fn.name, isOwn(service, fn));
        else deleteVersion(service, fn.name, fn.arn, named.qualifier);
        forgetUnused(service.records, packagesOfOverrides(service));
      });
      await service.deployments().follow();
      return { status: 204 };
    },
  );
}

function deleteWhole({ records, extras }: Service, name: string, own: boolean): void {
  if (own) throw notEmulated(`deleting ${name}, a function of the project; take it out of the project file`);
  for (const { version } of below(records.versions, name)) records.versions.remove([name, Number(version)]);
  for (const alias of below(records.aliases, name)) records.aliases.remove([name, alias.name]);
  records.functions.remove(name);
  records.numbers.remove(name);
  extras.remove(name);
}

function deleteVersion({ records, extras }: Service, name: string, arn: string, qualifier: string): void {
  if (qualifier === '$LATEST')
    throw invalidParameter('$LATEST version cannot be deleted without deleting the function.');
  if (!/^\d+$/.test(qualifier)) throw invalidParameter('Deletion of aliases is not currently supported.');
  if (!records.versions.has([name, Number(qualifier)])) throw functionNotFound(`${arn}:${qualifier}`);
  const aliases = below(records.aliases, name)
    .filter(({ version, weights }) => version === qualifier || qualifier in weights)
    .map((alias) => `${arn}:${alias.name}`);
  if (aliases.length > 0)
    throw conflict(`Version ${qualifier} is referenced by aliases [${aliases.join(', ')}]`);
  records.versions.remove([name, Number(qualifier)]);
  forgetQualifier(extras, name, qualifier);
}
