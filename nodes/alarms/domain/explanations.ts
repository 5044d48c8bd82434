import { allConditionKinds } from '../../../platform/wire/condition-kinds.ts'
import type { AlarmDefinition } from './definition.ts'

/**
 * A circle of kinds of which each is explained by the next, the first one again at its end; undefined where there is none. What
 * would explain each other would hide each other, and nobody would be told of either.
 */
export function explanationCycle(definitions: readonly AlarmDefinition[]): readonly string[] | undefined {
  const explainedBy = explanations(definitions)
  const done = new Set<string>()
  for (const start of explainedBy.keys()) {
    const cycle = cycleFrom(start, explainedBy, [], done)
    if (cycle) return cycle
  }
  return undefined
}

function cycleFrom(
  kind: string,
  explainedBy: ReadonlyMap<string, ReadonlySet<string>>,
  path: readonly string[],
  done: Set<string>,
): readonly string[] | undefined {
  const at = path.indexOf(kind)
  if (at >= 0) return [...path.slice(at), kind]
  if (done.has(kind)) return undefined
  for (const next of explainedBy.get(kind) ?? []) {
    const cycle = cycleFrom(next, explainedBy, [...path, kind], done)
    if (cycle) return cycle
  }
  done.add(kind)
  return undefined
}

/** By kind all that may explain it, at one place or another. */
function explanations(definitions: readonly AlarmDefinition[]): ReadonlyMap<string, ReadonlySet<string>> {
  const named = definitions.flatMap(({ scope: { area, kind }, explainedBy }) =>
    area !== null && kind !== null ? [`${area}/${kind}`, ...explainedBy] : explainedBy,
  )
  const kinds = new Set([...allConditionKinds, ...named])
  return new Map([...kinds].map((kind) => [kind, new Set(explainersOf(kind, definitions))]))
}

function explainersOf(name: string, definitions: readonly AlarmDefinition[]): readonly string[] {
  const [area, kind] = name.split('/')
  const fits = definitions.filter(({ scope }) => (scope.area ?? area) === area && (scope.kind ?? kind) === kind)
  const local = fits.filter(({ scope }) => scope.feederId !== null || scope.subject !== null)
  // Elsewhere the one that says most holds alone.
  const general = fits
    .filter(({ scope }) => scope.feederId === null && scope.subject === null)
    .toSorted((a, b) => saidOf(b) - saidOf(a))[0]
  return [...local, ...(general ? [general] : [])].flatMap(({ explainedBy }) => explainedBy)
}

const saidOf = ({ scope: { area, kind } }: AlarmDefinition): number => (kind !== null ? 2 : 0) + (area !== null ? 1 : 0)
