/** The screen's state as a pure reducer over what the session tells and what the person presses. */
import type { DevEvent, ReadyEvent } from '../model/events.ts';
import type { InvocationRecord } from '../model/invocation.ts';
import type { Problem, Project } from '../model/project.ts';
import { readableLog } from '../trace/readable-log.ts';

export type InstanceStatus = Extract<DevEvent, { type: 'instance' }>['status'];

export interface FunctionRow {
  readonly id: string;
  readonly instances: Readonly<Record<string, InstanceStatus>>;
  readonly build: 'none' | 'building' | 'ok' | 'failed';
  readonly buildMessage?: string;
}

export interface LogRow {
  readonly functionId: string;
  readonly at: number;
  readonly text: string;
  readonly bad: boolean;
}

export type Pane = 'invocations' | 'trace' | 'logs' | 'problems';

export interface ScreenState {
  readonly ready: ReadyEvent | undefined;
  readonly project: Project | undefined;
  readonly functions: readonly FunctionRow[];
  /** Oldest first. */
  readonly invocations: readonly InvocationRecord[];
  readonly logs: readonly LogRow[];
  readonly problems: readonly Problem[];
  /** Last thing worth a line at the bottom. */
  readonly message: string;
  readonly pane: Pane;
  /** Id of the selected invocation; undefined = the newest. */
  readonly selectedId: string | undefined;
  readonly filter: string;
  readonly typingFilter: boolean;
  /** Lines of the open trace. */
  readonly trace: readonly string[];
  /** Lines from where the pane starts: for logs, up from the last one. */
  readonly scroll: number;
  readonly debuggerPaused: boolean;
}

export type Action =
  | { readonly type: 'event'; readonly event: DevEvent }
  /** `most`: as far as the pane's text can be scrolled. */
  | { readonly type: 'move'; readonly by: number; readonly most?: number }
  | { readonly type: 'open'; readonly pane: Pane; readonly trace?: readonly string[] }
  | { readonly type: 'filter'; readonly typing: boolean; readonly text: string }
  | { readonly type: 'message'; readonly text: string };

const KEEP_INVOCATIONS = 500;
const KEEP_LOGS = 1000;

export const emptyScreen: ScreenState = {
  ready: undefined,
  project: undefined,
  functions: [],
  invocations: [],
  logs: [],
  problems: [],
  message: 'starting',
  pane: 'invocations',
  selectedId: undefined,
  filter: '',
  typingFilter: false,
  trace: [],
  scroll: 0,
  debuggerPaused: false,
};

export function reduce(state: ScreenState, action: Action): ScreenState {
  switch (action.type) {
    case 'event':
      return reduceEvent(state, action.event);
    case 'move':
      return move(state, action);
    case 'open':
      return { ...state, pane: action.pane, scroll: 0, trace: action.trace ?? state.trace };
    case 'filter':
      return { ...state, typingFilter: action.typing, filter: action.text, selectedId: undefined };
    case 'message':
      return { ...state, message: action.text };
  }
}

/** Invocations the filter lets through: by function, status, id, or what caused them. */
export function visibleInvocations({
  invocations,
  filter,
}: Pick<ScreenState, 'invocations' | 'filter'>): readonly InvocationRecord[] {
  if (filter === '') return invocations;
  const wanted = filter.toLowerCase();
  return invocations.filter((row) =>
    `${row.functionId} ${row.outcome?.status ?? 'running'} ${row.id} ${JSON.stringify(row.cause)}`
      .toLowerCase()
      .includes(wanted),
  );
}

export function visibleLogs({ logs, filter }: Pick<ScreenState, 'logs' | 'filter'>): readonly LogRow[] {
  const wanted = filter.toLowerCase();
  return wanted === ''
    ? logs
    : logs.filter((row) => `${row.functionId} ${row.text}`.toLowerCase().includes(wanted));
}

/** The selected invocation, or the newest one. */
export function selectedInvocation(state: ScreenState): InvocationRecord | undefined {
  const rows = visibleInvocations(state);
  return rows.find((row) => row.id === state.selectedId) ?? rows.at(-1);
}

function reduceEvent(state: ScreenState, event: DevEvent): ScreenState {
  switch (event.type) {
    case 'ready':
      return {
        ...state,
        ready: event,
        message: event.backendReason ? `child processes: ${event.backendReason}` : '',
      };
    case 'project':
      return {
        ...withFunctions(state, event.project),
        problems: event.deployed ? state.problems : event.problems,
        message: event.reloaded ? 'project reloaded' : state.message,
      };
    case 'problem':
      return { ...state, problems: [...state.problems, event.problem], message: event.problem.message };
    case 'build':
      return changeFunction(state, event.functionId, (row) => ({
        ...row,
        build: event.status === 'started' ? 'building' : event.status,
        ...(event.status === 'failed' ? { buildMessage: event.message } : {}),
      }));
    case 'instance':
      return changeFunction(state, event.functionId, (row) => ({
        ...row,
        instances: withInstance(row.instances, event.instanceId, event.status),
      }));
    case 'invocation':
      return { ...state, invocations: withRecord(state.invocations, event.record) };
    case 'log':
      return event.line.stream === 'platform' ? state : withLog(state, logRow(event));
    case 'notice':
      return { ...state, message: event.message };
    case 'debugger':
      return { ...state, debuggerPaused: event.status === 'paused', message: `debugger ${event.status}` };
    case 'stopping':
      return { ...state, message: 'stopping' };
  }
}

function withFunctions(state: ScreenState, project: Project): ScreenState {
  const known = new Map(state.functions.map((row) => [row.id, row]));
  const functions = project.functions.map(
    (fn) => known.get(fn.id) ?? { id: fn.id, instances: {}, build: 'none' as const },
  );
  return { ...state, project, functions };
}

function changeFunction(
  state: ScreenState,
  id: string,
  change: (row: FunctionRow) => FunctionRow,
): ScreenState {
  return { ...state, functions: state.functions.map((row) => (row.id === id ? change(row) : row)) };
}

function withInstance(
  instances: FunctionRow['instances'],
  id: string,
  status: InstanceStatus,
): FunctionRow['instances'] {
  if (status !== 'gone') return { ...instances, [id]: status };
  const { [id]: _gone, ...rest } = instances;
  return rest;
}

function withRecord(
  rows: readonly InvocationRecord[],
  record: InvocationRecord,
): readonly InvocationRecord[] {
  const at = rows.findLastIndex((row) => row.id === record.id);
  if (at >= 0) return rows.with(at, record);
  return [...rows, record].slice(-KEEP_INVOCATIONS);
}

/** Whoever has scrolled back keeps what is read in view. */
function withLog(state: ScreenState, row: LogRow): ScreenState {
  const isRead = state.pane === 'logs' && state.scroll > 0;
  const more = isRead && visibleLogs({ logs: [row], filter: state.filter }).length > 0;
  return {
    ...state,
    logs: [...state.logs, row].slice(-KEEP_LOGS),
    scroll: more ? state.scroll + row.text.split('\n').length : state.scroll,
  };
}

function logRow({ functionId, line: written }: Extract<DevEvent, { type: 'log' }>): LogRow {
  const line = readableLog(written);
  return {
    functionId,
    at: line.at,
    text: line.text,
    bad: line.stream === 'stderr' || line.level === 'ERROR' || line.level === 'FATAL',
  };
}

function move(state: ScreenState, { by, most }: Extract<Action, { type: 'move' }>): ScreenState {
  // The log is read from its end upwards.
  const scroll = state.scroll + (state.pane === 'logs' ? -by : by);
  if (state.pane !== 'invocations')
    return { ...state, scroll: Math.max(0, Math.min(scroll, most ?? scroll)) };
  const rows = visibleInvocations(state);
  const current = rows.findIndex((row) => row.id === selectedInvocation(state)?.id);
  const next = Math.min(rows.length - 1, Math.max(0, current + by));
  // On the newest row the selection follows what comes.
  return { ...state, selectedId: next === rows.length - 1 ? undefined : rows[next]?.id };
}
