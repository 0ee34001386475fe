/** The screen of `sls-local dev`: draws the state and turns keys into actions. */
import { Box, type Key, Text, useInput, useStdout } from 'ink';
import { useSyncExternalStore } from 'react';
import { Functions } from './functions.tsx';
import { Invocations } from './invocations.tsx';
import { Lines } from './lines.tsx';
import { logRowLines } from './rows.ts';
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

const HELP =
  '↑↓ select · enter trace · i invoke again · r replay · l logs · p problems · f filter · esc back · q quit';
/** Rows taken by title, borders and help. */
const FRAME_ROWS = 7;

export function App({ model }: { readonly model: ScreenModel }) {
  const state = useSyncExternalStore(model.subscribe, model.state, model.state);
  const { stdout } = useStdout();
  const width = stdout.columns ?? 100;
  const rows = Math.max(5, (stdout.rows ?? 30) - FRAME_ROWS - Math.min(8, state.functions.length));
  useKeys(model, state, width);
  return (
    <Box flexDirection="column" width={width}>
      <Title state={state} />
      <Functions rows={state.functions.slice(0, 8)} />
      <PaneView state={state} rows={rows} />
      <Text dimColor wrap="truncate">
        {state.typingFilter ? `filter: ${state.filter}▏ (enter to keep, esc to clear)` : HELP}
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

function PaneView({ state, rows }: { readonly state: ScreenState; readonly rows: number }) {
  switch (state.pane) {
    case 'invocations':
      return <Invocations state={state} rows={rows} />;
    case 'trace':
      return <Lines title="trace" lines={state.trace} rows={rows} scroll={state.scroll} from="top" />;
    case 'logs':
      return (
        <Lines
          title="logs"
          lines={visibleLogs(state).flatMap(logRowLines)}
          rows={rows}
          scroll={state.scroll}
          from="bottom"
        />
      );
    case 'problems':
      return (
        <Lines title="problems" lines={problemTexts(state)} rows={rows} scroll={state.scroll} from="top" />
      );
  }
}

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

function useKeys(model: ScreenModel, state: ScreenState, width: number): void {
  useInput((input, key) => {
    if (key.ctrl && input === 'c') return model.quit();
    if (state.typingFilter) {
      const typed = typeFilter(state.filter, input, key);
      if (typed) model.dispatch(typed);
      return;
    }
    if (key.upArrow || input === 'k') return model.dispatch({ type: 'move', by: -1 });
    if (key.downArrow || input === 'j') return model.dispatch({ type: 'move', by: 1 });
    if (key.pageUp) return model.dispatch({ type: 'move', by: -10 });
    if (key.pageDown) return model.dispatch({ type: 'move', by: 10 });
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
