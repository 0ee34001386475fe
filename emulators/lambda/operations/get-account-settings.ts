/** GetAccountSettings: the cloud's default limits. */
import type { EmulatorContext, RestRoute } from '../../../src/model/emulator.ts';

export function makeGetAccountSettings(context: EmulatorContext): RestRoute {
  return {
    operation: 'GetAccountSettings',
    method: 'GET',
    path: '/2016-08-19/account-settings',
    handle: () => ({
      status: 200,
      body: JSON.stringify({
        AccountLimit: {
          TotalCodeSize: 80_530_636_800,
          CodeSizeUnzipped: 262_144_000,
          CodeSizeZipped: 52_428_800,
          ConcurrentExecutions: 1000,
          UnreservedConcurrentExecutions: 1000,
        },
        AccountUsage: { TotalCodeSize: 0, FunctionCount: context.functions().length },
      }),
    }),
  };
}
