/** Keeps the logs of one invocation within a limit: their beginning and their end. */
import type { LogLine } from '../model/invocation.ts';

/** The same array when it is within the limit; otherwise a line in the middle tells what went. UTF-16 units, close enough to bytes. */
export function cutLogs(logs: readonly LogLine[], limitBytes: number): readonly LogLine[] {
  let total = 0;
  for (const line of logs) total += line.text.length;
  if (total <= limitBytes) return logs;
  const head = takeWhileBelow(logs, limitBytes / 2);
  const tail = takeWhileBelow(logs.slice(head.length).reverse(), limitBytes / 2).reverse();
  const dropped = logs.slice(head.length, logs.length - tail.length);
  const [first] = dropped;
  if (!first) return logs;
  const text = `… ${dropped.length} lines (${dropped.reduce((sum, line) => sum + line.text.length, 0)} bytes) not kept in the journal`;
  return [...head, { at: first.at, stream: 'platform', text }, ...tail];
}

function takeWhileBelow(logs: readonly LogLine[], limitBytes: number): LogLine[] {
  let total = 0;
  const end = logs.findIndex((line) => {
    total += line.text.length;
    return total > limitBytes;
  });
  return logs.slice(0, end < 0 ? logs.length : end);
}
