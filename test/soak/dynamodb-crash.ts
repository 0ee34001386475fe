/** Hundreds of kills of a DynamoDB under load. `node test/soak/run.mjs dynamodb-crash [kills]`. */
import { buildChild } from '../emulators/dynamodb/crash/child.ts';
import { killAndCheck, type RoundReport } from '../emulators/dynamodb/crash/rounds.ts';

const KILLS_PER_FOLDER = 20;
const kills = Number(process.argv[2] ?? 300);
const program = buildChild(process.cwd());
let done = 0;
let acknowledged = 0;
let unanswered = 0;

const report = (round: RoundReport) => {
  done++;
  acknowledged += round.acknowledged;
  unanswered += round.unanswered;
  if (done % KILLS_PER_FOLDER === 0)
    console.log(
      `${done} kills  ${acknowledged} requests answered and kept  ${unanswered} cut off, each whole or absent`,
    );
};

try {
  while (done < kills)
    await killAndCheck(
      program,
      Math.min(KILLS_PER_FOLDER, kills - done),
      (sides) => Math.floor(Math.random() * sides),
      report,
    );
} finally {
  program.remove();
}
