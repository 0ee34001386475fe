/** The live list of invocations; the selected one is marked. */
import { Box, Text } from 'ink';
import type { InvocationRecord } from '../model/invocation.ts';
import { type RowWidths, rowWidths } from './layout.ts';
import { fitted, invocationCells } from './rows.ts';
import { type ScreenState, selectedInvocation, visibleInvocations } from './state.ts';

const markColours = { '✔': 'green', '✖': 'red', '…': 'yellow' } as const;

interface InvocationsProps {
  readonly state: ScreenState;
  readonly rows: number;
  readonly width: number;
}

export function Invocations({ state, rows, width }: InvocationsProps) {
  const widths = rowWidths(width);
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
        <Row key={record.id} record={record} selected={record === selected} widths={widths} />
      ))}
    </Box>
  );
}

interface RowProps {
  readonly record: InvocationRecord;
  readonly selected: boolean;
  readonly widths: RowWidths;
}

function Row({ record, selected, widths }: RowProps) {
  const cells = invocationCells(record);
  return (
    <Text wrap="truncate" inverse={selected}>
      <Text dimColor>{cells.time}</Text> <Text color={markColours[cells.mark]}>{cells.mark}</Text>{' '}
      {fitted(cells.functionId, widths.functionId)}{' '}
      {widths.cause > 0 ? `${fitted(cells.cause, widths.cause)} ` : ''}
      {cells.duration.padStart(9)} <Text color="cyan">{cells.note}</Text>
    </Text>
  );
}
