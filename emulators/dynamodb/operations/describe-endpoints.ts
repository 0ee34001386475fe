/** DescribeEndpoints: the endpoint the caller already uses. */
import { structure } from '../input/collections.ts';
import { defineOperation } from '../service.ts';

export const describeEndpoints = defineOperation({
  name: 'DescribeEndpoints',
  input: structure('DescribeEndpointsRequest', {}),
  run: (_input, _service, call) => ({
    Endpoints: [{ Address: new URL(call.endpoint).host, CachePeriodInMinutes: 1440 }],
  }),
});
