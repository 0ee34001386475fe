/** A worker built on sqs-consumer: a job whose handler throws comes again at once. */
import { SQSClient } from '@aws-sdk/client-sqs';
import { Consumer } from 'sqs-consumer';

const place = { region: 'eu-west-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

/** `onDone` hears of each job that is done and deleted, `onError` hears of what the queue itself refused. */
export function startWorker({ endpoint, queueUrl, handle, onDone, onError }) {
  const sqs = new SQSClient({ endpoint, ...place });
  const consumer = Consumer.create({
    queueUrl,
    sqs,
    batchSize: 10,
    waitTimeSeconds: 20,
    visibilityTimeout: 60,
    terminateVisibilityTimeout: true,
    messageAttributeNames: ['All'],
    messageSystemAttributeNames: ['ApproximateReceiveCount'],
    handleMessage: handle,
  });
  consumer.on('message_processed', onDone);
  consumer.on('error', onError);
  consumer.on('timeout_error', onError);
  consumer.start();
  return {
    /** Resolves when it polls no longer. */
    stop: () =>
      new Promise((resolve) => {
        consumer.once('stopped', () => {
          sqs.destroy();
          resolve();
        });
        consumer.stop({ abort: true });
      }),
  };
}
