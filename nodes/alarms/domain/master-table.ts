import type { AlarmClass, AlarmDefinition, AlarmScope, ConditionPlace, MasterTable } from './definition.ts'

/** Parts of a scope, what says most first. */
export const scopeParts = ['subject', 'feederId', 'kind', 'area'] as const satisfies readonly (keyof AlarmScope)[]

/**
 * What an entry is told apart by, as `telemetry~device-silent~*~*`: area, kind, feeder and subject, `*` for any. No identifier
 * holds one of these marks, and addresses may.
 */
export const scopeKey = ({ area, kind, feederId, subject }: AlarmScope): string =>
  [area, kind, feederId, subject].map((part) => part ?? '*').join('~')

/** The scope that a key stands for; undefined for a text that is no key. */
export function scopeOf(key: string): AlarmScope | undefined {
  const [area, kind, feederId, subject, ...rest] = key.split('~').map((part) => (part === '*' ? null : part))
  if (area === undefined || kind === undefined || feederId === undefined || subject === undefined) return undefined
  return rest.length === 0 ? { area, kind, feederId, subject } : undefined
}

/**
 * A master alarm table of entries and classes. A lookup costs one access to a map for each combination of scope parts that
 * entries use, 16 at most, however many entries there are.
 * @throws Error where no entry is for any condition, or a class that an entry names is not there
 */
export function masterTable(
  version: number,
  definitions: readonly AlarmDefinition[],
  classes: readonly AlarmClass[],
): MasterTable {
  const named = new Map(classes.map((alarmClass) => [alarmClass.name, alarmClass]))
  const classNamed = (name: string): AlarmClass => {
    const found = named.get(name)
    if (!found) throw new Error(`the master alarm table has no class ${JSON.stringify(name)}`)
    return found
  }
  for (const { className } of definitions) classNamed(className)
  const shapes = shapesOf(definitions)
  if (shapes.at(-1)?.weight !== 0) throw new Error('the master alarm table has no entry for any condition')
  return {
    ...{ version, classNamed, classes: classes.toSorted((a, b) => (a.name < b.name ? -1 : 1)) },
    definitions: definitions.toSorted((a, b) => (scopeKey(a.scope) < scopeKey(b.scope) ? -1 : 1)),
    definitionOf(place) {
      for (const { weight, entries } of shapes) {
        const found = entries.get(placeKey(place, weight))
        if (found) return found
      }
      // The last shape is for any condition.
      throw new Error('unreachable')
    },
  }
}

/** Entries that say the same parts of their scope, by what they say. */
interface Shape {
  readonly weight: number
  readonly entries: Map<string, AlarmDefinition>
}

/** What says more weighs more than all that says less together. */
const weights = { subject: 8, feederId: 4, kind: 2, area: 1 } as const satisfies Record<keyof AlarmScope, number>

const weightOf = (scope: AlarmScope): number =>
  scopeParts.reduce((sum, part) => sum + (scope[part] === null ? 0 : weights[part]), 0)

function shapesOf(definitions: readonly AlarmDefinition[]): readonly Shape[] {
  const shapes = new Map<number, Shape>()
  for (const definition of definitions) {
    const weight = weightOf(definition.scope)
    if (!shapes.has(weight)) shapes.set(weight, { weight, entries: new Map() })
    shapes.get(weight)!.entries.set(scopeKey(definition.scope), definition)
  }
  return [...shapes.values()].toSorted((a, b) => b.weight - a.weight)
}

/** The key of the entry that says these parts of a place and no others. */
const placeKey = ({ area, kind, feederId, subject }: ConditionPlace, weight: number): string =>
  `${weight & weights.area ? area : '*'}~${weight & weights.kind ? kind : '*'}~` +
  `${weight & weights.feederId ? (feederId ?? '') : '*'}~${weight & weights.subject ? subject : '*'}`
