/** The seam between storage and the two kinds of queue. */
import type { Message } from './message.ts';

/** Which messages of one kind of queue may be received when. Writing methods run inside a transaction. */
export interface Order {
  add(queueId: number, seq: number, message: Message, visibleAt: number): void;
  remove(queueId: number, seq: number, message: Message, visibleAt: number): void;
  move(queueId: number, seq: number, message: Message, from: number, to: number): void;
  /** Numbers of the messages visible at `now`, first to be handed out first. */
  visible(queueId: number, now: number, limit: number): number[];
  nextDueAt(queueId: number, now: number): number | undefined;
}
