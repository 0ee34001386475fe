/** Ten thousand edits racing requests. `node test/soak/run.mjs edit-race [process|docker] [edits] [seed]`. */
import { raceEdits } from '../src/cli/edit-race.ts';

const backend = process.argv[2] === 'docker' ? 'docker' : 'process';
const edits = Number(process.argv[3] ?? 10_000);
const seed = Number(process.argv[4] ?? Date.now() % 1_000_000);
console.log(`seed ${seed}`);
const startedAt = performance.now();
const report = await raceEdits(backend, edits, seed, (soFar) => {
  if (soFar.edits % 500 !== 0) return;
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(
    `${seconds.toFixed(0)} s  ${soFar.edits} edits  ${soFar.answers} answers  ${soFar.stale} stale`,
  );
});
const at = (share: number) =>
  report.shownAfterMs[Math.floor(report.shownAfterMs.length * share)]?.toFixed(0) ?? '-';
console.log(`${backend}: ${report.edits} edits, ${report.answers} answers, ${report.stale} stale`);
console.log(`shown after p50 ${at(0.5)} ms, p99 ${at(0.99)} ms; ${report.failures.length} failures`);
for (const failure of report.failures.slice(0, 5)) console.log(failure);
process.exitCode = report.stale > 0 || report.failures.length > 0 ? 1 : 0;
