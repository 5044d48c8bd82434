import { rulesDefault } from './default-any.ts'
import { defaultClasses } from './default-classes.ts'
import { defaultDefinitions } from './default-table.ts'
import type { AlarmClass, AlarmDefinition, MasterTable } from './definition.ts'
import { masterTable, scopeKey } from './master-table.ts'

/** What an installation says other than, or beyond, what is shipped. */
export interface TableOverrides {
  readonly definitions: readonly AlarmDefinition[]
  readonly classes: readonly AlarmClass[]
}

export const noOverrides: TableOverrides = { definitions: [], classes: [] }

/** What a version does: entries by key and classes by name, null where what was said of them is taken back. */
export interface TableChange {
  readonly definitions: ReadonlyMap<string, AlarmDefinition | null>
  readonly classes: ReadonlyMap<string, AlarmClass | null>
}

export const nothingChanged: TableChange = { definitions: new Map(), classes: new Map() }

const shippedDefinitions = byKey(defaultDefinitions, ({ scope }) => scopeKey(scope))
const shippedClasses: ReadonlyMap<string, AlarmClass> = byKey<AlarmClass>(defaultClasses, ({ name }) => name)

/** An entry as it is shipped; undefined where none is. */
export const shippedDefinition = (key: string): AlarmDefinition | undefined => shippedDefinitions.get(key)
export const shippedClass = (name: string): AlarmClass | undefined => shippedClasses.get(name)

/** All entries and classes that hold: what is shipped, and over it what the installation says. */
export const effectiveRows = ({ definitions, classes }: TableOverrides): TableOverrides => ({
  definitions: [...new Map([...shippedDefinitions, ...byKey(definitions, ({ scope }) => scopeKey(scope))]).values()],
  classes: [...new Map([...shippedClasses, ...byKey(classes, ({ name }) => name)]).values()],
})

/**
 * The table that holds.
 * @param rules  what alarm nodes say of the rules that engineers define there: it holds where the installation says nothing of them
 * @throws Error where an entry names a class that is not there
 */
export function effectiveTable(
  version: number,
  overrides: TableOverrides,
  rules: readonly AlarmDefinition[] = [],
): MasterTable {
  const { definitions, classes } = effectiveRows(overrides)
  const known = new Set(classes.map(({ name }) => name))
  const said = new Set(definitions.map(({ scope }) => scopeKey(scope)))
  const others = rules
    .filter(({ scope }) => !said.has(scopeKey(scope)))
    // A node is not asked again when a class is taken back: its alarms live as those of rules do.
    .map((rule) => (known.has(rule.className) ? rule : { ...rule, className: rulesDefault.className }))
  return masterTable(version, [...definitions, ...others], classes)
}

/** What the installation says after a change. */
export const afterChange = (
  { definitions, classes }: TableOverrides,
  { definitions: changedDefinitions, classes: changedClasses }: TableChange,
): TableOverrides => ({
  definitions: merged(definitions, changedDefinitions, ({ scope }) => scopeKey(scope)),
  classes: merged(classes, changedClasses, ({ name }) => name),
})

function merged<T>(
  before: readonly T[],
  change: ReadonlyMap<string, T | null>,
  keyOf: (item: T) => string,
): readonly T[] {
  const kept = before.filter((item) => !change.has(keyOf(item)))
  return [...kept, ...[...change.values()].filter((item) => item !== null)]
}

function byKey<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [keyOf(item), item]))
}

/** A field that is otherwise: its path, as `cause.pt`, and what stood and stands there; undefined where nothing does. */
export interface FieldDifference {
  readonly field: string
  readonly before: unknown
  readonly after: unknown
}

/** What is otherwise between two states of an entry or a class; undefined: it is not there. */
export function differencesOf(before: object | undefined, after: object | undefined): readonly FieldDifference[] {
  const [was, is] = [fieldsOf(before), fieldsOf(after)]
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((field) =>
    JSON.stringify(was.get(field)) === JSON.stringify(is.get(field))
      ? []
      : { field, before: was.get(field), after: is.get(field) },
  )
}

/** Fields by path; lists are values. */
function fieldsOf(value: object | undefined, path = ''): Map<string, unknown> {
  return new Map(
    Object.entries(value ?? {}).flatMap(([name, part]: [string, unknown]) =>
      typeof part === 'object' && part !== null && !Array.isArray(part)
        ? [...fieldsOf(part, `${path}${name}.`)]
        : [[`${path}${name}`, part] as const],
    ),
  )
}
