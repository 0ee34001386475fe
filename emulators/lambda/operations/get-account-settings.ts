/** GetAccountSettings: the cloud's default limits, and what is used of them. */
import type { RestRoute } from '../../../src/model/service-api.ts';
import { ACCOUNT_CONCURRENCY, reservedInAll } from '../account.ts';
import { MAX_UNZIPPED_BYTES, MAX_ZIPPED_BYTES } from '../deployed/packages.ts';
import { reply, type Service } from '../service.ts';

export function makeGetAccountSettings({ context, records }: Service): RestRoute {
  return {
    operation: 'GetAccountSettings',
    method: 'GET',
    path: '/2016-08-19/account-settings',
    handle() {
      const functions = context.functions();
      const deployed = [records.functions, records.versions, records.layers].flatMap((map) => [
        ...map.range(),
      ]);
      return reply(200, {
        AccountLimit: {
          TotalCodeSize: 80_530_636_800,
          CodeSizeUnzipped: MAX_UNZIPPED_BYTES,
          CodeSizeZipped: MAX_ZIPPED_BYTES,
          ConcurrentExecutions: ACCOUNT_CONCURRENCY,
          UnreservedConcurrentExecutions: ACCOUNT_CONCURRENCY - reservedInAll(functions),
        },
        AccountUsage: {
          TotalCodeSize: deployed.reduce((sum, { value }) => sum + value.code.sizeBytes, 0),
          FunctionCount: functions.filter(({ version }) => version === undefined).length,
        },
      });
    },
  };
}
