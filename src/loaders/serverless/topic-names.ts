/** The names of topics that `sns` events make: functions may refer to those by their logical ids. */
import { isMap, listOf } from '../cloudformation/template.ts';
import { settledText } from '../unresolved.ts';
import type { FunctionEntry } from './service.ts';
import type { Variables } from './variables/resolver.ts';

/** What is wrong in an event is reported where it is lowered. */
export async function namedTopics(
  entries: readonly FunctionEntry[],
  variables: Variables,
): Promise<readonly string[]> {
  const names = new Set<string>();
  for (const { path } of entries) {
    const events = listOf(await variables.deep([...path, 'events'], () => {}));
    for (const event of events) {
      const name = isMap(event) ? nameIn(event.sns) : undefined;
      if (name !== undefined) names.add(name);
    }
  }
  return [...names];
}

function nameIn(sns: unknown): string | undefined {
  const name = settledText(isMap(sns) ? (sns.arn === undefined ? sns.topicName : undefined) : sns);
  return name?.startsWith('arn:') ? undefined : name;
}
