/** One batch through a pipe: enrichment, then target. */
import type { DeliverRequest, EmulatorContext, JsonValue } from '../../src/model/emulator.ts';
import type { Invoked, Outcome, TraceContext } from '../../src/model/invocation.ts';
import { isObject } from '../../src/model/json.ts';
import type { FunctionSpec } from '../../src/model/project.ts';
import { messageOf } from '../../src/std/errors.ts';
import { makeSpanId, makeTraceId } from '../../src/std/ids.ts';
import { ServiceError } from '../_wire/service-error.ts';
import { enrichEach, isDestination } from './api-destinations.ts';
import { checkFits } from './batch-limits.ts';
import { enrichedEvents } from './enriched.ts';
import { type Item, needServices, type PipeRun } from './pipe-run.ts';
import { idOf, originOf, recordsOf } from './records.ts';
import { deliverEach, isPerEvent } from './targets.ts';
import { fillTemplate, type Reserved } from './template.ts';

/** Never rejects: what fails is the outcome of the batch. */
export async function runBatch(run: PipeRun, request: DeliverRequest): Promise<Invoked> {
  const { clock, ids } = run.context;
  const requestId = ids.uuid();
  const origin = request.origin ?? { traceId: makeTraceId(clock, ids) };
  const startedAt = clock.now();
  const outcome = await outcomeOf(run, request, origin).catch((failure: unknown) => {
    run.context.notice(`the pipe ${run.name} failed: ${messageOf(failure)}; the batch comes again`);
    return failureOf(failure);
  });
  const phases = { queuedMs: 0, handlerMs: clock.now() - startedAt };
  return { requestId, outcome, phases, coldStart: false, logs: [] };
}

async function outcomeOf(run: PipeRun, request: DeliverRequest, origin: TraceContext): Promise<Outcome> {
  const records = recordsOf(request.event);
  const items = records.map((event) => ({ event, id: idOf(event), origin: originOf(event) ?? origin }));
  const enriched = await enrich(run, items, origin, request);
  if (!Array.isArray(enriched)) return enriched as Outcome;
  return enriched.length === 0 ? done([]) : toTarget(run, enriched, request);
}

const done = (failed: readonly string[]): Outcome => ({
  status: 'ok',
  payload: JSON.stringify({ batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) }),
});

function failureOf(failure: unknown): Outcome {
  const errorType = failure instanceof ServiceError ? failure.code : 'Error';
  return { status: 'error', phase: 'invoke', error: { errorType, errorMessage: messageOf(failure) } };
}

/** What the enrichment answers is the batch from then on; its failure is an outcome. */
async function enrich(
  run: PipeRun,
  items: readonly Item[],
  origin: TraceContext,
  request: DeliverRequest,
): Promise<readonly Item[] | Outcome> {
  const { context, settings, name } = run;
  const { enrichment } = settings;
  if (!enrichment) return items;
  if (isDestination(enrichment.arn))
    return enrichEach(run, enrichment, items, (item) => textOf(run, item, enrichment.template));
  if (enrichment.arn.split(':')[2] !== 'lambda') {
    context.notice(
      `the pipe ${name}: ${enrichment.arn} is not emulated as an enrichment; events go on as they are`,
    );
    return items;
  }
  const spanId = makeSpanId(context.ids);
  const body = listText(run, items, enrichment.template);
  const fn = functionAt(context, enrichment.arn);
  const { outcome } = await context.deliver({
    ...callOf(run, fn, enrichment.arn, items.length, 'enrichment'),
    ...{ event: body, origin, spanId },
    ...(request.links && { links: request.links }),
    ...(request.attempt !== undefined && { attempt: request.attempt }),
  });
  if (outcome.status !== 'ok') return outcome;
  const after = { ...origin, parentId: spanId };
  return enrichedEvents(outcome.payload, enrichment.arn).map((event) => ({ event, origin: after }));
}

async function toTarget(run: PipeRun, items: readonly Item[], request: DeliverRequest): Promise<Outcome> {
  const { context, settings } = run;
  const { target } = settings;
  checkFits(settings, items.length);
  if (isPerEvent(target.arn))
    return done(await deliverEach(run, items, (item) => textOf(run, item, target.template)));
  const event = listText(run, items, target.template);
  const origin = items[0]?.origin ?? { traceId: makeTraceId(context.clock, context.ids) };
  if (target.arn.split(':')[2] !== 'lambda') {
    const cause = { kind: 'pipe', pipe: run.name, step: 'target', records: items.length } as const;
    await needServices(context).deliver({ arn: target.arn, body: event, cause, origin });
    return done([]);
  }
  const fn = functionAt(context, target.arn);
  const call = { ...callOf(run, fn, target.arn, items.length, 'target'), event, origin };
  if (!target.waits) {
    context.enqueue(call);
    return done([]);
  }
  const { outcome } = await context.deliver({
    ...call,
    ...(request.links && { links: request.links }),
    ...(request.attempt !== undefined && { attempt: request.attempt }),
  });
  return outcome.status === 'ok' ? { status: 'ok', payload: partialResponse(outcome.payload) } : outcome;
}

/** Whatever else a function answers means nothing. */
function partialResponse(payload: string): string {
  const answer = JSON.parse(payload) as JsonValue;
  return isObject(answer) && Array.isArray(answer.batchItemFailures) ? payload : 'null';
}

function callOf(
  { name }: PipeRun,
  fn: FunctionSpec,
  arn: string,
  records: number,
  step: 'enrichment' | 'target',
) {
  const cause = { kind: 'pipe', pipe: name, step, records } as const;
  return { functionId: fn.id, cause, ...(arn !== fn.arn && { invokedArn: arn }) };
}

function functionAt({ functions }: EmulatorContext, arn: string): FunctionSpec {
  const all = functions();
  const fn = all.find((one) => one.arn === arn) ?? all.find((one) => arn.startsWith(`${one.arn}:`));
  if (!fn) throw new ServiceError('ResourceNotFoundException', `Function not found: ${arn}`);
  return fn;
}

/** A list even of one; what a template makes that is no JSON is a text in it. */
function listText(run: PipeRun, items: readonly Item[], template: string | undefined): string {
  return `[${items.map((item) => asJson(textOf(run, item, template))).join(',')}]`;
}

function asJson(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    return JSON.stringify(text);
  }
}

function textOf(run: PipeRun, { event }: Item, template: string | undefined): string {
  if (template !== undefined) return fillTemplate(template, event, reservedOf(run));
  return typeof event === 'string' ? event : JSON.stringify(event);
}

function reservedOf({ context, name, arn, settings }: PipeRun): Reserved {
  return {
    'aws.pipes.pipe-arn': arn,
    'aws.pipes.pipe-name': name,
    'aws.pipes.source-arn': settings.source.arn,
    'aws.pipes.enrichment-arn': settings.enrichment?.arn ?? '',
    'aws.pipes.target-arn': settings.target.arn,
    'aws.pipes.event.ingestion-time': new Date(context.clock.now()).toISOString(),
  };
}
