/** A pane of text lines that can be scrolled. */
import { Box, Text } from 'ink';

interface LinesProps {
  readonly title: string;
  readonly lines: readonly string[];
  readonly rows: number;
  readonly scroll: number;
  /** Where it starts when not scrolled: at the first line or at the last. */
  readonly from: 'top' | 'bottom';
}

export function Lines({ title, lines, rows, scroll, from }: LinesProps) {
  const room = rows - 1;
  const last = Math.max(0, lines.length - room);
  const start = from === 'top' ? Math.min(scroll, last) : last;
  const shown = lines.slice(start, start + room).map((text, index) => ({ text, key: start + index }));
  return (
    <Box flexDirection="column" height={rows}>
      <Text bold>{title}</Text>
      {shown.map(({ text, key }) => (
        <Text key={key} wrap="truncate">
          {text === '' ? ' ' : text.replaceAll('\t', '  ')}
        </Text>
      ))}
    </Box>
  );
}
