/** Run before each test file: its stores and their folders go when its tests are over. */
import { afterAll } from 'vitest';
import { closeOpenedStores } from './opened-stores.ts';

afterAll(closeOpenedStores);
