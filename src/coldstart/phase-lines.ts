/** The phases of cold starts as a table: median and 90th percentile, without and with the code cache. */
import {
  type ColdStartReport,
  type ColdStartRun,
  type ImportSplit,
  PARTS,
  PHASES,
  percentile,
} from './report.ts';

const WORDS = {
  sandboxMs: { process: 'process', docker: 'container' },
  bootMs: 'runtime boot',
  initMs: 'init (import)',
  resolveMs: '  finding files',
  readMs: '  reading files',
  compileMs: '  compiling',
  runMs: '  running modules',
  extensionsMs: '  extensions, boot',
} as const;

const FIRST_COLUMN = 18;
const COLUMN = 12;

export interface PhaseSummary {
  readonly name: string;
  readonly uncached: Spread;
  readonly cached?: Spread;
}

export interface Spread {
  readonly p50: number;
  readonly p90: number;
}

export function summarise(report: ColdStartReport): readonly PhaseSummary[] {
  const row = (name: string, pick: (run: ColdStartRun) => number | undefined): PhaseSummary[] => {
    const uncached = spreadOf(report.uncached, pick);
    const cached = spreadOf(report.cached, pick);
    return uncached ? [{ name, uncached, ...(cached ? { cached } : {}) }] : [];
  };
  return [
    ...PHASES.flatMap((phase) => row(wordOf(phase, report), (run) => run[phase])),
    ...PARTS.flatMap((part: keyof ImportSplit) => row(WORDS[part], ({ split }) => split?.[part])),
  ];
}

export function phaseLines(report: ColdStartReport): readonly string[] {
  const hasCache = report.cached.length > 0;
  const head = ['p50', 'p90', ...(hasCache ? ['p50 cached', 'p90 cached'] : [])];
  const rows = summarise(report).map(({ name, uncached, cached }) => {
    const values = [uncached.p50, uncached.p90, ...(cached ? [cached.p50, cached.p90] : [])];
    return lineOf(
      name,
      values.map((ms) => `${ms.toFixed(1)} ms`),
    );
  });
  return [lineOf('', head), ...rows];
}

function wordOf(phase: (typeof PHASES)[number], { backend }: ColdStartReport): string {
  return phase === 'sandboxMs' ? WORDS.sandboxMs[backend] : WORDS[phase];
}

function spreadOf(
  runs: readonly ColdStartRun[],
  pick: (run: ColdStartRun) => number | undefined,
): Spread | undefined {
  const values = runs.flatMap((run) => pick(run) ?? []);
  return values.length === 0 ? undefined : { p50: percentile(values, 0.5), p90: percentile(values, 0.9) };
}

function lineOf(name: string, cells: readonly string[]): string {
  return `${name.padEnd(FIRST_COLUMN)}${cells.map((cell) => cell.padStart(COLUMN)).join('')}`.trimEnd();
}
