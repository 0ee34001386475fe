/** A hundred thousand invocations; is what the session holds flat? `node test/soak/run.mjs invocations [process|docker] [how many]`. */
import { growthOf, invokeMany } from '../src/cli/invocations.ts';

const backend = process.argv[2] === 'docker' ? 'docker' : 'process';
const invocations = Number(process.argv[3] ?? 100_000);
const startedAt = performance.now();
const looks = await invokeMany(backend, invocations, ({ after, memoryMb, descriptors, children }) => {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  console.log(
    `${seconds} s  ${after} invocations  ${memoryMb} MB  ${descriptors} descriptors  ${children} processes`,
  );
});
const growth = growthOf(looks);
console.log(`${backend}: ${growth ?? 'flat'}`);
process.exitCode = growth === undefined ? 0 : 1;
