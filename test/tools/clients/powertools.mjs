import { makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';

const logger = new Logger(),
  tracer = new Tracer(),
  metrics = new Metrics();
const persistenceStore = new DynamoDBPersistenceLayer({ tableName: process.env.TABLE });
let runs = 0;
const pay = makeIdempotent(async (order) => ({ paid: order.id, run: ++runs }), { persistenceStore });
export const handler = async (event, context) => {
  logger.addContext(context);
  logger.info('paying');
  metrics.addMetric('paid', 'Count', 1);
  metrics.publishStoredMetrics();
  return { trace: tracer.getRootXrayTraceId(), ...(await pay(JSON.parse(event.body))) };
};
