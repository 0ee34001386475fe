/** The screen of `sls-local dev`: draws the state and turns keys into actions. */
import { Box, type Key, Text, useInput } from 'ink';
import { useSyncExternalStore } from 'react';
import { Functions } from './functions.tsx';
import { Invocations } from './invocations.tsx';
import { helpFor, layoutFor } from './layout.ts';
import { Lines, mostScroll } from './lines.tsx';
import { foldedLines, logRowLines } from './rows.ts';
import { useTerminalSize } from './size.ts';
import { type Action, type ScreenState, selectedInvocation, visibleLogs } from './state.ts';

/** Where the screen gets its state and what it may ask for. */
export interface ScreenModel {
  subscribe(listener: () => void): () => void;
  state(): ScreenState;
  dispatch(action: Action): void;
  /** Sends the selected invocation's event again as a new one. */
  invokeAgain(id: string): void;
  replay(id: string): void;
  /** Lines of the trace the invocation belongs to, for a terminal of this width. */
  traceLines(id: string, width: number): readonly string[];
  quit(): void;
}

export function App({ model }: { readonly model: ScreenModel }) {
  const state = useSyncExternalStore(model.subscribe, model.state, model.state);
  const { width, functionRows, paneRows } = layoutFor(useTerminalSize(), state.functions.length);
  const text = paneText(state, width);
  useKeys(model, state, { width, most: text ? mostScroll(text.lines.length, paneRows) : 0 });
  return (
    <Box flexDirection="column" width={width}>
      <Title state={state} />
      <Functions functions={state.functions} room={functionRows} />
      {text ? (
        <Lines title={state.pane} {...text} rows={paneRows} scroll={state.scroll} />
      ) : (
        <Invocations state={state} rows={paneRows} width={width} />
      )}
      <Text dimColor wrap="truncate">
        {state.typingFilter ? `filter: ${state.filter}▏ (enter to keep, esc to clear)` : helpFor(width)}
      </Text>
      <Text wrap="truncate">{state.message}</Text>
    </Box>
  );
}

function Title({ state }: { readonly state: ScreenState }) {
  const { ready, project } = state;
  return (
    <Text wrap="truncate">
      <Text bold>{project?.name ?? 'sls-local'}</Text>{' '}
      {ready ? `${ready.http ?? 'no HTTP'} · AWS ${ready.aws} · ${ready.backend}` : 'starting…'}
      {ready?.inspect ? ` · debugger ${ready.inspect}` : ''}
      {state.debuggerPaused ? <Text color="yellow"> · paused, time stands still</Text> : null}
      {state.problems.length > 0 ? <Text color="yellow"> · {state.problems.length} problems (p)</Text> : null}
    </Text>
  );
}

interface PaneText {
  readonly lines: readonly string[];
  readonly from: 'top' | 'bottom';
  readonly empty: string;
}

/** Undefined for the list of invocations, which is no text. */
function paneText(state: ScreenState, width: number): PaneText | undefined {
  switch (state.pane) {
    case 'invocations':
      return undefined;
    case 'trace':
      return { lines: state.trace, from: 'top', empty: NO_TRACE };
    case 'logs': {
      const nameColumns = Math.max(8, Math.floor(width / 3));
      const rows = visibleLogs(state).flatMap((row) => logRowLines(row, nameColumns));
      const lines = foldedLines(rows, width);
      return { lines, from: 'bottom', empty: 'no logs yet' };
    }
    case 'problems':
      return { lines: foldedLines(problemTexts(state), width), from: 'top', empty: 'no problems' };
  }
}

const NO_TRACE = 'nothing in the journal: it has not ended yet, or the session keeps no journal';

function problemTexts(state: ScreenState): string[] {
  const failed = state.functions
    .filter((row) => row.build === 'failed')
    .flatMap((row) => (row.buildMessage ?? row.id).split('\n'));
  const problems = state.problems.flatMap(({ severity, message, hint, place }) => [
    `${severity} ${place ? `${place.file}:${place.line ?? 1} ` : ''}${message}`,
    ...(hint ? [`  hint ${hint}`] : []),
  ]);
  return [...failed, ...problems];
}

interface Extent {
  readonly width: number;
  /** As far as the pane's text can be scrolled. */
  readonly most: number;
}

function useKeys(model: ScreenModel, state: ScreenState, { width, most }: Extent): void {
  const move = (by: number) => model.dispatch({ type: 'move', by, most });
  useInput((input, key) => {
    if (key.ctrl && input === 'c') return model.quit();
    if (state.typingFilter) {
      const typed = typeFilter(state.filter, input, key);
      if (typed) model.dispatch(typed);
      return;
    }
    if (key.upArrow || input === 'k') return move(-1);
    if (key.downArrow || input === 'j') return move(1);
    if (key.pageUp) return move(-10);
    if (key.pageDown) return move(10);
    if (key.escape)
      return state.pane === 'invocations'
        ? model.dispatch({ type: 'filter', typing: false, text: '' })
        : model.dispatch({ type: 'open', pane: 'invocations' });
    if (input === 'q') return model.quit();
    if (input === 'l') return model.dispatch({ type: 'open', pane: 'logs' });
    if (input === 'p') return model.dispatch({ type: 'open', pane: 'problems' });
    if (input === 'f' || input === '/')
      return model.dispatch({ type: 'filter', typing: true, text: state.filter });
    const selected = selectedInvocation(state);
    if (!selected) return;
    if (key.return || input === 't')
      return model.dispatch({ type: 'open', pane: 'trace', trace: model.traceLines(selected.id, width - 4) });
    if (input === 'i') return model.invokeAgain(selected.id);
    if (input === 'r') return model.replay(selected.id);
  });
}

type FilterKey = Pick<Key, 'return' | 'escape' | 'backspace' | 'delete' | 'ctrl' | 'meta'>;

/** What a key pressed while the filter is typed does to it. */
function typeFilter(filter: string, input: string, key: FilterKey): Action | undefined {
  if (key.return) return { type: 'filter', typing: false, text: filter };
  if (key.escape) return { type: 'filter', typing: false, text: '' };
  if (key.backspace || key.delete) return { type: 'filter', typing: true, text: filter.slice(0, -1) };
  return key.ctrl || key.meta ? undefined : { type: 'filter', typing: true, text: filter + input };
}
