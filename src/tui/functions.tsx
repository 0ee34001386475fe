/** Each function with its build and its instances. */
import { Box, Text } from 'ink';
import { functionsShown } from './layout.ts';
import { instanceMarks } from './rows.ts';
import type { FunctionRow } from './state.ts';

const buildColours = { none: 'gray', building: 'yellow', ok: 'green', failed: 'red' } as const;

interface FunctionsProps {
  readonly functions: readonly FunctionRow[];
  /** Lines. */
  readonly room: number;
}

export function Functions({ functions, room }: FunctionsProps) {
  const rows = functionsShown(functions, room);
  const others = functions.length - rows.length;
  return (
    <Box flexDirection="column" marginY={1}>
      {rows.map((row) => (
        <Text key={row.id} wrap="truncate">
          <Text color={buildColours[row.build]}>■</Text> {row.id}{' '}
          <Text color="cyan">{instanceMarks(row)}</Text>
          {row.build === 'failed' ? <Text color="red"> build failed (p)</Text> : null}
        </Text>
      ))}
      {others > 0 ? <Text dimColor>… {others} more functions</Text> : null}
    </Box>
  );
}
