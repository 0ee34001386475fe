/** What a running session tells whoever shows it: the screen, plain lines, JSON lines. */
import type { InvocationRecord, Invoked, LogLine } from './invocation.ts';
import type { Problem, Project } from './project.ts';

export interface ReadyEvent {
  readonly type: 'ready';
  /** Base URL of the HTTP front door, or null when the project has no HTTP trigger. */
  readonly http: string | null;
  /** The AWS endpoint. */
  readonly aws: string;
  readonly backend: 'docker' | 'process';
  /** Why containers are not used, when they were not asked away. */
  readonly backendReason?: string;
  /** `host:port` of the debugger's front, with `--inspect`. */
  readonly inspect?: string;
  /** The same of each Java function. */
  readonly inspectJava?: Readonly<Record<string, string>>;
  readonly pid: number;
  readonly elapsedMs: number;
  readonly functions: readonly string[];
}

export type DevEvent =
  | ReadyEvent
  | {
      readonly type: 'project';
      readonly project: Project;
      readonly problems: readonly Problem[];
      readonly reloaded: boolean;
      /** Something was deployed or changed besides the project file, whose problems are what they were. */
      readonly deployed?: true;
    }
  | { readonly type: 'problem'; readonly problem: Problem }
  | { readonly type: 'build'; readonly functionId: string; readonly status: 'started' }
  | {
      readonly type: 'build';
      readonly functionId: string;
      readonly status: 'ok';
      readonly ms: number;
      readonly artifactId: string;
    }
  | {
      readonly type: 'build';
      readonly functionId: string;
      readonly status: 'failed';
      readonly message: string;
    }
  | {
      readonly type: 'instance';
      readonly functionId: string;
      readonly instanceId: string;
      readonly status: 'starting' | 'ready' | 'busy' | 'idle' | 'gone';
    }
  | {
      readonly type: 'invocation';
      readonly status: 'started';
      readonly id: string;
      readonly record: InvocationRecord;
    }
  | {
      readonly type: 'invocation';
      readonly status: 'ended';
      readonly id: string;
      readonly record: InvocationRecord;
      readonly invoked: Invoked;
    }
  | { readonly type: 'log'; readonly functionId: string; readonly id?: string; readonly line: LogLine }
  | { readonly type: 'notice'; readonly level: 'info' | 'warning' | 'error'; readonly message: string }
  | {
      readonly type: 'debugger';
      readonly status: 'attached' | 'detached' | 'paused' | 'resumed';
      readonly instanceId?: string;
    }
  | { readonly type: 'stopping' };
