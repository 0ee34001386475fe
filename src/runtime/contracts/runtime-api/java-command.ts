/** The command line of a Java function's JVM. */
import { join } from 'node:path';
import type { FunctionSpec } from '../../../model/project.ts';
import { javaVersionOf } from '../../backends/process/find-java.ts';
import { PROVIDED } from '../../java-classes.ts';

/** The rest is for what the JVM keeps besides its heap. */
const HEAP_SHARE = 0.85;

/** `classes` is the folder of our bootstrap, `debugging` the option that starts the JVM's debugger. */
export function javaCommand(
  { runtime, memoryMb }: FunctionSpec,
  classes: string,
  debugging?: string,
): readonly string[] {
  return [
    'java',
    ...(debugging === undefined ? [] : [debugging]),
    `-Xmx${Math.floor(memoryMb * HEAP_SHARE)}m`,
    '-XX:+UseSerialGC',
    '-XX:-UsePerfData',
    // As the platform starts it: compiled quickly rather than well. Source: Lambda guide, "Customize the JVM startup".
    ...(javaVersionOf(runtime) >= 17 ? ['-XX:+TieredCompilation', '-XX:TieredStopAtLevel=1'] : []),
    '-Djava.net.preferIPv4Stack=true',
    '-Dfile.encoding=UTF-8',
    '-Duser.language=en',
    '-Duser.country=US',
    `-Dslslocal.provided=${join(classes, PROVIDED)}`,
    '-cp',
    classes,
    'slslocal.Bootstrap',
  ];
}

/**
 * A JVM reads the names of files by the locale, and takes them for ASCII where that of LANG is not installed: then a folder with
 * other letters in its name cannot be read. This one is part of the C library.
 */
export const JAVA_LOCALE = { LC_ALL: 'C.UTF-8' };
