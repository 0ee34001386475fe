#!/usr/bin/env node
/** The entry: runs the bundled command line. */
import { run } from '../dist/cli.js';

run(process.argv.slice(2));
