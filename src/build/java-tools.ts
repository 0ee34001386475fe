/** How Maven and Gradle make what a Java function's package consists of: its classes, and the archives they need in `lib`. */
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The task copies what the project itself says is needed when it runs. */
const GRADLE_SCRIPT = `allprojects {
  afterEvaluate { project ->
    if (project.projectDir.canonicalPath != System.getProperty('slsLocal.root') || !project.plugins.hasPlugin('java')) return
    project.tasks.register('slsLocalPackage', Copy) {
      dependsOn 'classes'
      from project.sourceSets.main.output
      into System.getProperty('slsLocal.out')
      into('lib') { from project.configurations.runtimeClasspath }
    }
  }
}
`;

/** The project's own wrapper where it has one, in its folder or above. */
export function javaTool(root: string, wrapper: string, program: string): string {
  for (let folder = root; ; folder = dirname(folder)) {
    if (existsSync(join(folder, wrapper))) return join(folder, wrapper);
    if (dirname(folder) === folder) return program;
  }
}

/** `out` is the package's folder. */
export function mavenArguments(out: string): readonly string[] {
  return [
    ...['-B', '-q', '-DskipTests', 'package'],
    ...['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${join(out, 'lib')}`],
  ];
}

/** After Maven has run. */
export function takeMavenClasses(root: string, out: string): void {
  const classes = join(root, 'target/classes');
  if (existsSync(classes)) cpSync(classes, out, { recursive: true });
}

/** `kept` is a folder for the script that adds the task. */
export function gradleArguments(root: string, out: string, kept: string): readonly string[] {
  mkdirSync(kept, { recursive: true });
  const script = join(kept, 'sls-local.gradle');
  writeFileSync(script, GRADLE_SCRIPT);
  return [
    ...['--quiet', '--console=plain', '--init-script', script],
    ...[`-DslsLocal.root=${root}`, `-DslsLocal.out=${out}`, 'slsLocalPackage'],
  ];
}
