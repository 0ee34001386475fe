/** The member several requests name a shard by. */
import { text } from '../../input/scalars.ts';

export const shardId = text({ minLength: 28, maxLength: 65 });
