/** Each function with its build and its instances. */
import { Box, Text } from 'ink';
import { instanceMarks } from './rows.ts';
import type { FunctionRow } from './state.ts';

const buildColours = { none: 'gray', building: 'yellow', ok: 'green', failed: 'red' } as const;

export function Functions({ rows }: { readonly rows: readonly FunctionRow[] }) {
  return (
    <Box flexDirection="column" marginY={1}>
      {rows.map((row) => (
        <Text key={row.id} wrap="truncate">
          <Text color={buildColours[row.build]}>■</Text> {row.id}{' '}
          <Text color="cyan">{instanceMarks(row)}</Text>
          {row.build === 'failed' ? <Text color="red"> build failed (p)</Text> : null}
        </Text>
      ))}
    </Box>
  );
}
