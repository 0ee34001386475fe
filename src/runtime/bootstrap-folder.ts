/** Where the programs are that instances run: beside this file in the source tree, and beside the bundle once built. */
import { fileURLToPath } from 'node:url';

export const bootstrapFolder = fileURLToPath(new URL('./bootstrap', import.meta.url));
