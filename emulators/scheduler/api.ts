/** EventBridge Scheduler on the wire. */
import type { RestApi } from '../../src/model/service-api.ts';
import { makeGroupRoutes } from './operations/groups.ts';
import { makeScheduleRoutes } from './operations/schedules.ts';
import { makeTagRoutes } from './operations/tags.ts';
import type { SchedulerService } from './service.ts';

export function makeSchedulerApi(service: SchedulerService): RestApi {
  return {
    protocol: 'rest-json',
    service: 'scheduler',
    routes: [...makeScheduleRoutes(service), ...makeGroupRoutes(service), ...makeTagRoutes(service)],
  };
}
