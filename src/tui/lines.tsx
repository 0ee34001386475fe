/** A pane of text lines that can be scrolled. */
import { Box, Text } from 'ink';

interface LinesProps {
  readonly title: string;
  readonly lines: readonly string[];
  readonly rows: number;
  /** Lines away from where it starts. */
  readonly scroll: number;
  /** Where it starts when not scrolled: at the first line or at the last. */
  readonly from: 'top' | 'bottom';
  /** Shown for no lines. */
  readonly empty: string;
}

export function Lines({ title, lines, rows, scroll, from, empty }: LinesProps) {
  const room = rows - 1;
  const last = mostScroll(lines.length, rows);
  const away = Math.min(scroll, last);
  const start = from === 'top' ? away : last - away;
  const shown = lines.slice(start, start + room).map((text, index) => ({ text, key: start + index }));
  return (
    <Box flexDirection="column" height={rows}>
      <Text bold>
        {title}
        {last > 0 ? ` ${start + 1}–${start + shown.length} of ${lines.length}` : ''}
      </Text>
      {lines.length === 0 ? <Text dimColor>{empty}</Text> : null}
      {shown.map(({ text, key }) => (
        <Text key={key} wrap="truncate">
          {text === '' ? ' ' : text.replaceAll('\t', '  ')}
        </Text>
      ))}
    </Box>
  );
}

/** With one row for the title. */
export function mostScroll(lineCount: number, rows: number): number {
  return Math.max(0, lineCount - (rows - 1));
}
