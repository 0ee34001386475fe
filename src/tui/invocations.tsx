/** The live list of invocations; the selected one is marked. */
import { Box, Text } from 'ink';
import type { InvocationRecord } from '../model/invocation.ts';
import { invocationCells } from './rows.ts';
import { type ScreenState, selectedInvocation, visibleInvocations } from './state.ts';

const markColours = { '✔': 'green', '✖': 'red', '…': 'yellow' } as const;

export function Invocations({ state, rows }: { readonly state: ScreenState; readonly rows: number }) {
  const all = visibleInvocations(state);
  const selected = selectedInvocation(state);
  const at = selected ? all.indexOf(selected) : 0;
  const from = Math.max(0, Math.min(all.length - rows, at - Math.floor(rows / 2)));
  return (
    <Box flexDirection="column" height={rows}>
      {all.length === 0 ? (
        <Text dimColor>no invocations yet{state.filter ? ` that match "${state.filter}"` : ''}</Text>
      ) : null}
      {all.slice(from, from + rows).map((record) => (
        <Row key={record.id} record={record} selected={record === selected} />
      ))}
    </Box>
  );
}

function Row({ record, selected }: { readonly record: InvocationRecord; readonly selected: boolean }) {
  const cells = invocationCells(record);
  return (
    <Text wrap="truncate" inverse={selected}>
      <Text dimColor>{cells.time}</Text> <Text color={markColours[cells.mark]}>{cells.mark}</Text>{' '}
      {cells.functionId.padEnd(20)} {cells.cause.padEnd(30)} {cells.duration.padStart(9)}{' '}
      <Text color="cyan">{cells.note}</Text>
    </Text>
  );
}
