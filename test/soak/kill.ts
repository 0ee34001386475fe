/** Hundreds of kills of a session's services under load. `node test/soak/run.mjs kill [kills]`. */
import { buildProgram } from '../src/app/kill/child.ts';
import { killAndDeliver } from '../src/app/kill/rounds.ts';

const KILLS_PER_FOLDER = 20;
const kills = Number(process.argv[2] ?? 200);
const program = buildProgram(process.cwd());
let done = 0;
let acknowledged = 0;

try {
  while (done < kills) {
    const rounds = Math.min(KILLS_PER_FOLDER, kills - done);
    const report = await killAndDeliver(program, rounds, () => Math.random() * 300);
    done += rounds;
    acknowledged += report.acknowledged;
    console.log(`${done} kills  ${acknowledged} requests acknowledged, all delivered, groups in order`);
  }
} finally {
  program.remove();
}
