/** A NestJS application whose jobs go through a queue: a producer and a consumer of @ssut/nestjs-sqs. */
import 'reflect-metadata';
import { SQSClient } from '@aws-sdk/client-sqs';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import nestSqs from '@ssut/nestjs-sqs';

const { SqsConsumerEventHandler, SqsMessageHandler, SqsModule, SqsService } = nestSqs;
const place = { region: 'eu-west-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

/** `onDone` hears of each job that is done and deleted. */
export async function startJobs({ endpoint, queueUrl, handle, onDone }) {
  const sqs = new SQSClient({ endpoint, ...place });
  class Jobs {
    run(message) {
      return handle(message);
    }
    done() {
      onDone();
    }
  }
  // What the decorators of TypeScript do.
  const { prototype } = Jobs;
  const decorate = (decorator, name) =>
    decorator(prototype, name, Object.getOwnPropertyDescriptor(prototype, name));
  decorate(SqsMessageHandler('jobs', false), 'run');
  decorate(SqsConsumerEventHandler('jobs', 'message_processed'), 'done');
  Injectable()(Jobs);
  class App {}
  const consumer = {
    name: 'jobs',
    queueUrl,
    sqs,
    waitTimeSeconds: 20,
    terminateVisibilityTimeout: true,
    suppressFifoWarning: true,
  };
  const producer = { name: 'jobs', queueUrl, sqs };
  const globalStopOptions = { abort: true };
  const queues = SqsModule.register({ consumers: [consumer], producers: [producer], globalStopOptions });
  Module({ imports: [queues], providers: [Jobs] })(App);
  const app = await NestFactory.createApplicationContext(App, { logger: false });
  const service = app.get(SqsService);
  return {
    send: (messages) => service.send('jobs', messages),
    async stop() {
      await app.close();
      sqs.destroy();
    },
  };
}
