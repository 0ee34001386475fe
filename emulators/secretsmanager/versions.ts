/** Staging labels of versions: which version has which after a change. Pure. */
import type { Version } from './store.ts';

export const CURRENT = 'AWSCURRENT';
export const PREVIOUS = 'AWSPREVIOUS';

/** The versions with this label on this one alone; what was current before becomes the previous one. */
export function withStage(versions: readonly Version[], stage: string, id: string): Version[] {
  const before = versions.find(({ stages }) => stages.includes(stage));
  const moved = versions.map((version) => {
    const others = version.stages.filter((one) => one !== stage);
    return { ...version, stages: version.id === id ? [...others, stage] : others };
  });
  return stage === CURRENT && before && before.id !== id ? withStage(moved, PREVIOUS, before.id) : moved;
}

export function withoutStage(versions: readonly Version[], stage: string): Version[] {
  return versions.map((version) => ({ ...version, stages: version.stages.filter((one) => one !== stage) }));
}

export function versionAt(versions: readonly Version[], stage: string): Version | undefined {
  return versions.find(({ stages }) => stages.includes(stage));
}
