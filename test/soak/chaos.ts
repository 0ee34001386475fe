/** Our own engine under faults, seed after seed. `node test/soak/run.mjs chaos [seeds] [first seed]`. */
import { makeSeed, seedOfRun } from '../../src/chaos/seed.ts';
import { simulate } from '../../src/chaos/simulate.ts';
import { openEngine } from '../src/chaos/engine.ts';

const EVENTS = 24;
const TOLD_EVERY = 500;

const seeds = Number(process.argv[2] ?? 5000);
const first = process.argv[3] ?? makeSeed();
const engine = openEngine();
const events = Array.from({ length: EVENTS }, (_, at) => at + 1);
const counts = { runs: 0, deliveries: 0, faults: 0, deadLettered: 0, broken: 0, waiting: 0 };

try {
  for (let run = 0; run < seeds; run++) {
    const { runs, failure } = await simulate({
      ...{ seed: seedOfRun(first, run), runs: 1, events },
      run: (trial) => engine.run(trial),
    });
    for (const { result } of runs) {
      counts.runs++;
      counts.deliveries += result.deliveries;
      counts.faults += result.struck.length;
      counts.deadLettered += result.deadLettered;
      if (result.waiting.length > 0) counts.waiting++;
    }
    if (failure) {
      counts.broken++;
      console.log(JSON.stringify({ seed: failure.trial.seed, events: failure.trial.events }));
      for (const { invariant, message } of failure.violations) console.log(`  ${invariant}: ${message}`);
      for (const { key, what } of failure.faults) console.log(`  ${key}: ${what}`);
    }
    if (counts.runs % TOLD_EVERY === 0) console.log(JSON.stringify(counts));
  }
} finally {
  await engine.close();
}
console.log(JSON.stringify({ first, ...counts }));
process.exitCode = counts.broken === 0 ? 0 : 1;
