/** The terminal's size, drawn anew when a person changes it. */
import { useStdout } from 'ink';
import { useSyncExternalStore } from 'react';
import type { TerminalSize } from './layout.ts';

const UNKNOWN: TerminalSize = { columns: 100, rows: 30 };

export function useTerminalSize(): TerminalSize {
  const { stdout } = useStdout();
  const subscribe = (changed: () => void) => {
    stdout.on('resize', changed);
    return () => void stdout.off('resize', changed);
  };
  const columns = useSyncExternalStore(subscribe, () => stdout.columns ?? UNKNOWN.columns);
  const rows = useSyncExternalStore(subscribe, () => stdout.rows ?? UNKNOWN.rows);
  return { columns, rows };
}
