import { allConditionKinds, conditionKinds, rulesArea } from '../../../platform/wire/condition-kinds.ts'
import { isIdentifier } from '../../../platform/wire/fields.ts'
import { priorities } from './alarm.ts'
import type { AlarmClass, AlarmDefinition, AlarmScope, MasterTable, Words } from './definition.ts'
import { dayMs, minuteMs } from './durations.ts'
import { explanationCycle } from './explanations.ts'
import { scopeKey } from './master-table.ts'
import type { TableChange } from './table-overrides.ts'

/** Something that cannot be in a master alarm table. */
export interface TableFault {
  /** Key of an entry, or name of a class. */
  readonly of: string
  /** Path of the field, as `cause.pt`. */
  readonly field: string
  readonly value: unknown
  /** What it should be, to be read after field and value: `must be …`. */
  readonly problem: string
}

/** Entries that a table may have beyond those that are shipped. */
export const mostEntries = 2_000
export const longestText = 1_000
const mostExplanations = 20
const mostSteps = 10
const mostDelayMs = dayMs
const mostResponseMs = 30 * dayMs
const mostShelvingMs = 30 * dayMs
const mostLevel = 1e12

/**
 * What is wrong with a table after a change; empty where nothing is. Only what the change touches is looked at: what an earlier
 * release let in does not stand against another entry.
 * @param after  the table as it would be; it may name classes that are not there
 * @param roles  that an escalation can name
 */
export function tableFaults(
  after: Pick<MasterTable, 'definitions' | 'classes'>,
  change: TableChange,
  roles: readonly string[],
): readonly TableFault[] {
  const classNames = new Set(after.classes.map(({ name }) => name))
  const changed = [...change.definitions.values()].filter((definition) => definition !== null)
  const kinds = knownKinds(after)
  return [
    ...[...change.classes.values()].flatMap((alarmClass) => (alarmClass ? classFaults(alarmClass, roles) : [])),
    ...after.definitions.flatMap((definition) => missingClass(definition, classNames)),
    ...changed.flatMap((definition) => definitionFaults(definition, kinds)),
    ...cycleFault(after, changed),
  ]
}

type Check = (field: string, value: unknown, isSound: boolean, problem: string) => void

/** Collects what is wrong with one entry or class. */
function faultsOf(of: string, look: (check: Check) => void): readonly TableFault[] {
  const faults: TableFault[] = []
  look((field, value, isSound, problem) => {
    if (!isSound) faults.push({ of, field, value, problem })
  })
  return faults
}

function definitionFaults(definition: AlarmDefinition, kinds: ReadonlySet<string>): readonly TableFault[] {
  const { scope, priority, timeToRespondMs, setPoint, deadband, onDelayMs, offDelayMs, reAlarmMs } = definition
  return faultsOf(scopeKey(scope), (check) => {
    checkScope(check, scope)
    check(
      'priority',
      priority,
      priority === null || priorities.includes(priority),
      `must be one of ${priorities.join(', ')}`,
    )
    for (const name of ['cause', 'consequence', 'operatorAction'] as const) checkWords(check, name, definition[name])
    checkDuration(check, 'timeToRespondMs', timeToRespondMs, minuteMs, mostResponseMs)
    checkDuration(check, 'onDelayMs', onDelayMs, 0, mostDelayMs)
    const isInTime = onDelayMs <= timeToRespondMs
    check('onDelayMs', onDelayMs, isInTime, `must not be longer than the time to respond, ${timeToRespondMs} ms`)
    checkDuration(check, 'offDelayMs', offDelayMs, 0, mostDelayMs)
    if (reAlarmMs !== null) checkDuration(check, 'reAlarmMs', reAlarmMs, minuteMs, mostResponseMs)
    checkLevels(check, setPoint, deadband)
    checkExplanations(check, definition, kinds)
  })
}

function checkScope(check: Check, { area, kind, feederId, subject }: AlarmScope): void {
  for (const [name, part] of Object.entries({ area, kind, feederId, subject }))
    check(`scope.${name}`, part, part === null || isIdentifier(part), 'must be an identifier, or null for any')
  check('scope.area', area, kind === null || area !== null, 'must be there where there is a kind: kinds are of an area')
  if (area === null || kind === null || !Object.hasOwn(conditionKinds, area)) return
  const known: readonly string[] = conditionKinds[area as keyof typeof conditionKinds]
  check('scope.kind', kind, known.includes(kind), `must be a kind that ${area} says: ${known.join(', ')}`)
}

function checkWords(check: Check, name: string, words: Words): void {
  for (const language of ['en', 'pt'] as const) {
    const text = words[language]
    const path = `${name}.${language}`
    const isOfLength = text.length >= 1 && text.length <= longestText && text === text.trim()
    check(path, text, isOfLength, `must have 1 to ${longestText} characters, no blank at either end`)
    check(path, text, !controls.test(text) && text.isWellFormed(), 'must be on one line, without control characters')
    // A spreadsheet gets an apostrophe before what it would take for a formula: it must be told from one that was written.
    check(path, text, !/^'[=+\-@]/.test(text), 'must not begin with an apostrophe and one of = + - @')
  }
}

const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/

function checkDuration(check: Check, name: string, ms: number, least: number, most: number): void {
  check(name, ms, ms >= least && ms <= most, `must be from ${least} to ${most} ms`)
  check(name, ms, ms % 1_000 === 0, 'must be whole seconds')
}

function checkLevels(check: Check, setPoint: number | null, deadband: number | null): void {
  for (const [name, level] of Object.entries({ setPoint, deadband })) {
    if (level === null) continue
    check(name, level, Math.abs(level) <= mostLevel, `must be from ${-mostLevel} to ${mostLevel}`)
    check(name, level, Number(level.toFixed(6)) === level, 'must have six decimals at most')
  }
  if (deadband === null) return
  check('deadband', deadband, deadband >= 0, 'must not be negative')
  const isWithin = setPoint === null || setPoint === 0 || deadband < Math.abs(setPoint)
  check('deadband', deadband, isWithin, `must be less than the set point, ${setPoint}`)
}

function checkExplanations(check: Check, { scope, explainedBy }: AlarmDefinition, kinds: ReadonlySet<string>): void {
  check(
    'explainedBy',
    explainedBy.join(' '),
    explainedBy.length <= mostExplanations,
    `must be ${mostExplanations} at most`,
  )
  check(
    'explainedBy',
    explainedBy.join(' '),
    new Set(explainedBy).size === explainedBy.length,
    'must name each kind once',
  )
  for (const kind of explainedBy) {
    const [area, name = '', ...rest] = kind.split('/')
    const isKnown = kinds.has(kind) || (area === rulesArea && rest.length === 0 && isIdentifier(name))
    check('explainedBy', kind, isKnown, 'must be a kind that is known, as area/kind')
    check('explainedBy', kind, kind !== `${scope.area}/${scope.kind}`, 'must not be what it is to explain')
  }
}

/** Kinds that areas say, and those that the table itself speaks of. */
const knownKinds = ({ definitions }: Pick<MasterTable, 'definitions'>): ReadonlySet<string> =>
  new Set([
    ...allConditionKinds,
    ...definitions.flatMap(({ scope: { area, kind } }) => (area !== null && kind !== null ? `${area}/${kind}` : [])),
  ])

const missingClass = ({ scope, className }: AlarmDefinition, names: ReadonlySet<string>): readonly TableFault[] =>
  faultsOf(scopeKey(scope), (check) =>
    check('className', className, names.has(className), `must be a class: ${[...names].toSorted().join(', ')}`),
  )

/** Told at an entry of the change that is part of it: without the change there was none. */
function cycleFault(
  { definitions }: Pick<MasterTable, 'definitions'>,
  changed: readonly AlarmDefinition[],
): readonly TableFault[] {
  const cycle = explanationCycle(definitions)
  // An entry that names itself is told as such.
  if (!cycle || cycle.length < 3) return []
  const guilty = changed.find(({ explainedBy }) => explainedBy.some((kind) => cycle.includes(kind))) ?? changed[0]
  if (!guilty) return []
  const value = guilty.explainedBy.join(' ')
  const problem = `must not go round in a circle: ${cycle.join(' is explained by ')}`
  return [{ of: scopeKey(guilty.scope), field: 'explainedBy', value, problem }]
}

function classFaults(alarmClass: AlarmClass, roles: readonly string[]): readonly TableFault[] {
  const { name, reason, mostShelvedMs, reAlarmMs, escalation } = alarmClass
  return faultsOf(name, (check) => {
    check('name', name, isIdentifier(name), 'must be an identifier')
    checkWords(check, 'reason', reason)
    checkDuration(check, 'mostShelvedMs', mostShelvedMs, minuteMs, mostShelvingMs)
    if (reAlarmMs !== null) checkDuration(check, 'reAlarmMs', reAlarmMs, minuteMs, mostResponseMs)
    check('escalation', escalation.length, escalation.length <= mostSteps, `must have ${mostSteps} steps at most`)
    for (const [index, { afterMs, role, channel }] of escalation.entries()) {
      const path = `escalation.${index}`
      checkDuration(check, `${path}.afterMs`, afterMs, 1_000, mostResponseMs)
      const before = escalation[index - 1]?.afterMs ?? 0
      check(`${path}.afterMs`, afterMs, afterMs > before, `must be later than the step before, ${before} ms`)
      check(`${path}.role`, role, role === null || roles.includes(role), `must be one of ${roles.join(', ')}`)
      check(`${path}.channel`, channel, channel === null || isIdentifier(channel), 'must be an identifier')
      check(path, null, role !== null || channel !== null, 'must name a role or a channel')
    }
  })
}
