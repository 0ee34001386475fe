/** UpdateFunctionCode with a zip archive, in the request or in a bucket, or with a container image. */
import type { RestRoute } from '../../../src/model/service-api.ts';
import { readCode, takeCode } from '../code-input.ts';
import { changeCode, packagesOfOverrides, recordOf } from '../deployed/change.ts';
import { forgetUnused } from '../deployed/packages.ts';
import { publish } from '../deployed/publish.ts';
import { flag, readInput } from '../input.ts';
import { requireRevision } from '../revision.ts';
import { describeNow, functionRoute, namedCurrent, reply, type Service } from '../service.ts';
import { packageTypeOf } from '../settings/package-type.ts';
import { readArchitecture } from '../settings/read-settings.ts';

export function makeUpdateFunctionCode(service: Service): RestRoute {
  return functionRoute(
    'UpdateFunctionCode',
    'PUT',
    '/2015-03-31/functions/{FunctionName}/code',
    async (request, call) => {
      const input = readInput(request.body);
      const type = packageTypeOf(namedCurrent(service, request));
      const given = await readCode(service, input, 'UpdateFunctionCode', type);
      const fn = namedCurrent(service, request);
      requireRevision(input, String(service.describe(fn, call).RevisionId));
      const architecture = readArchitecture(input);
      const code = takeCode(service, given);
      if (flag(input, 'DryRun')) {
        forgetUnused(service.records, packagesOfOverrides(service));
        const planned = { CodeSha256: code.sha256, CodeSize: code.sizeBytes };
        return reply(200, { ...service.describe(fn, call), ...planned });
      }
      await changeCode(service, fn, code, architecture);
      const { follow } = service.deployments();
      await follow();
      const after = namedCurrent(service, request);
      if (!flag(input, 'Publish')) return reply(200, service.describe(after, call));
      const { version } = publish(service, recordOf(service, after), '');
      await follow();
      return reply(200, describeNow(service, fn.name, version, call));
    },
  );
}
