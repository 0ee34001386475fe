/** Looks for an order in which the calls of a history, one after the other, give the answers that were given. */

/** One call: it took effect, if at all, somewhere between `from` and `to`. */
export interface Called<Call, Answer> {
  readonly call: Call;
  readonly answer: Answer;
  /** Of one counter for all calls. */
  readonly from: number;
  readonly to: number;
}

export interface Model<State, Call, Answer> {
  readonly initial: State;
  /** The state after the call; undefined when in this state the call would have been answered otherwise. */
  step(state: State, call: Call, answer: Answer): State | undefined;
  /** The same text for the same state. */
  name(state: State): string;
}

/** The calls in such an order; undefined when there is none (Wing and Gong's search, with memory). */
export function findOrder<State, Call, Answer>(
  history: readonly Called<Call, Answer>[],
  model: Model<State, Call, Answer>,
): readonly Called<Call, Answer>[] | undefined {
  const calls = [...history].sort((a, b) => a.from - b.from);
  const hopeless = new Set<string>();
  const order: Called<Call, Answer>[] = [];

  const search = (state: State, done: bigint): boolean => {
    if (order.length === calls.length) return true;
    const place = `${done}/${model.name(state)}`;
    if (hopeless.has(place)) return false;
    // Whoever ended first must not come after one that began later.
    let firstEnd = Number.POSITIVE_INFINITY;
    for (const [i, { to }] of calls.entries())
      if (!(done & (1n << BigInt(i)))) firstEnd = Math.min(firstEnd, to);
    for (const [i, called] of calls.entries()) {
      if (called.from > firstEnd) break;
      if (done & (1n << BigInt(i))) continue;
      const next = model.step(state, called.call, called.answer);
      if (next === undefined) continue;
      order.push(called);
      if (search(next, done | (1n << BigInt(i)))) return true;
      order.pop();
    }
    hopeless.add(place);
    return false;
  };

  return search(model.initial, 0n) ? order : undefined;
}

/** Notes when each call began and ended. */
export function makeRecorder<Call, Answer>() {
  const history: Called<Call, Answer>[] = [];
  let moment = 0;
  return {
    history,
    async record(call: Call, perform: () => Promise<Answer>): Promise<Answer> {
      const from = moment++;
      const answer = await perform();
      history.push({ call, answer, from, to: moment++ });
      return answer;
    },
  };
}
