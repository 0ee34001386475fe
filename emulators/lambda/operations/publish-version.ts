/** PublishVersion and ListVersionsByFunction. */
import type { RestRoute } from '../../../src/model/service-api.ts';
import { recordOf } from '../deployed/change.ts';
import { publish } from '../deployed/publish.ts';
import { invalidParameter } from '../errors.ts';
import { readInput, text } from '../input.ts';
import { requireRevision } from '../revision.ts';
import { describeNow, functionRoute, namedCurrent, pageOf, reply, type Service } from '../service.ts';

export function makePublishVersion(service: Service): RestRoute {
  return functionRoute(
    'PublishVersion',
    'POST',
    '/2015-03-31/functions/{FunctionName}/versions',
    async (request, call) => {
      const fn = namedCurrent(service, request);
      const input = readInput(request.body);
      requireRevision(input, String(service.describe(fn, call).RevisionId));
      const record = recordOf(service, fn);
      const sha = text(input, 'CodeSha256');
      if (sha !== undefined && sha !== record.code.sha256)
        throw invalidParameter(
          `CodeSHA256 (${sha}) is different from current CodeSHA256 in $LATEST (${record.code.sha256}). Please try again with the CodeSHA256 in $LATEST.`,
        );
      const { version } = publish(service, record, text(input, 'Description') ?? '');
      await service.deployments().follow();
      return reply(201, describeNow(service, fn.name, version, call));
    },
  );
}

export function makeListVersions(service: Service): RestRoute {
  return functionRoute(
    'ListVersionsByFunction',
    'GET',
    '/2015-03-31/functions/{FunctionName}/versions',
    (request, call) => {
      const current = namedCurrent(service, request);
      const all = service.context
        .functions()
        .filter(({ name, version }) => name === current.name && version !== undefined);
      const { shown, next } = pageOf([current, ...all], request, ({ version }) => version ?? '$LATEST');
      return reply(200, {
        Versions: shown.map((fn) => {
          const described = service.describe(fn, call);
          return fn.version === undefined ? { ...described, FunctionArn: `${fn.arn}:$LATEST` } : described;
        }),
        ...next,
      });
    },
  );
}
