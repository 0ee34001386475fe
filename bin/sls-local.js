#!/usr/bin/env node
/** The entry: loads the bundled command line. */
import { createRequire } from 'node:module';

createRequire(import.meta.url)('../dist/start.cjs');
