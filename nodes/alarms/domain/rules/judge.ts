import { quantityOf, remember, verdict, type Sample } from './leaf.ts'
import { isFor, isNumeric, type Evidence, type Logic, type Rule } from './rule.ts'
import { unitOf } from './units.ts'

/** What is remembered of a rule at a device: small, and as JSON the same. Instants are UTC milliseconds. */
export interface RuleState {
  readonly active: boolean
  /** When it last began or ceased to hold; null: it never held. */
  readonly since: number | null
  /** Leaves that held when a reading last said, by bit. */
  readonly held: number
  /** Leaves of which the newest reading said something, by bit. */
  readonly known: number
  /** Of each rate, in the order of the leaves; empty where there is none. */
  readonly histories: readonly (readonly Sample[])[]
}

export const restingState: RuleState = { active: false, since: null, held: 0, known: 0, histories: [] }

/** What is remembered of a device. */
export interface DeviceState {
  /** Of the newest reading that was evidence. */
  readonly at: number
  /** In the order of the rules. */
  readonly states: readonly RuleState[]
}

/** A rule has begun to hold at a device, or has ceased to. */
export interface RuleChange {
  readonly rule: Rule
  readonly active: boolean
  /** UTC milliseconds. */
  readonly at: number
  /** What was found and what it is held against, where a leaf of the rule is about a number. */
  readonly found: { readonly value: number; readonly limit: number; readonly unit: string } | null
}

export interface Judged {
  readonly device: DeviceState
  readonly changes: readonly RuleChange[]
}

/**
 * What a reading makes of what is remembered of its device. A reading that is not newer than the newest, or that the device itself
 * calls invalid, is no evidence. What time alone would have done before comes first, so that nothing depends on how often
 * somebody looks.
 * @param before  undefined: nothing was taken of the device yet
 */
export function judgeReading(rules: readonly Rule[], before: DeviceState | undefined, reading: Evidence): Judged {
  const device = before ?? { at: -Infinity, states: [] }
  if (reading.quality === 'invalid' || reading.at <= device.at) return { device, changes: [] }
  const changes: RuleChange[] = []
  const states = rules.map((rule, place) => {
    const state = device.states[place] ?? restingState
    if (!isFor(rule, reading)) return state === restingState ? state : leave(rule, state, reading.at, changes)
    return takeReading(rule, takeTime(rule, state, device.at, reading.at, changes), reading, changes)
  })
  return { device: { at: reading.at, states }, changes }
}

/**
 * What time makes of what is remembered of a device.
 * @param now  UTC milliseconds
 */
export function judgeTime(rules: readonly Rule[], device: DeviceState, now: number): Judged {
  const changes: RuleChange[] = []
  const states = rules.map((rule, place) => {
    const state = device.states[place] ?? restingState
    return isTaken(state) ? takeTime(rule, state, device.at, now, changes) : state
  })
  const same = states.every((state, place) => state === device.states[place])
  return same ? { device, changes } : { device: { at: device.at, states }, changes }
}

/** When time alone next changes something of a device, UTC milliseconds; null: never. */
export function staleAt(rules: readonly Rule[], { at, states }: DeviceState): number | null {
  let least = Infinity
  rules.forEach((rule, place) => {
    const state = states[place] ?? restingState
    if (isTaken(state)) least = Math.min(least, nextStale(rule, state)?.afterMs ?? Infinity)
  })
  return least === Infinity ? null : at + least
}

/** Whether a reading of the device was taken by the rule, and the device has not left it since: of any leaf something is known. */
const isTaken = ({ known }: RuleState): boolean => known !== 0

/** Of the leaves that only time can make hold, and has not yet, the first one. */
function nextStale({ leaves }: Rule, { held }: RuleState): { readonly bit: number; readonly afterMs: number } | null {
  let next: { bit: number; afterMs: number } | null = null
  // Asked for each rule of each reading: no loop over closures here.
  for (let place = 0; place < leaves.length; place++) {
    const leaf = leaves[place]!
    if (leaf.type !== 'stale' || (held & (1 << place)) !== 0) continue
    if (next === null || leaf.afterMs < next.afterMs) next = { bit: 1 << place, afterMs: leaf.afterMs }
  }
  return next
}

function takeTime(rule: Rule, before: RuleState, at: number, until: number, changes: RuleChange[]): RuleState {
  let state = before
  if (!isTaken(state)) return state
  for (;;) {
    const next = nextStale(rule, state)
    if (next === null || at + next.afterMs > until) return state
    state = concluded(rule, { ...state, held: state.held | next.bit }, at + next.afterMs, null, changes)
  }
}

function takeReading(rule: Rule, before: RuleState, reading: Evidence, changes: RuleChange[]): RuleState {
  const { leaves } = rule
  let { held } = before
  let known = 0
  let histories: (readonly Sample[])[] | undefined
  for (let place = 0; place < leaves.length; place++) {
    const leaf = leaves[place]!
    const bit = 1 << place
    const history = leaf.type === 'rate' ? (before.histories[histories?.length ?? 0] ?? noSamples) : noSamples
    const holds = verdict(leaf, reading, (held & bit) !== 0, history)
    if (leaf.type === 'rate') (histories ??= []).push(remember(leaf, reading, history))
    if (holds === null) continue
    known |= bit
    held = holds ? held | bit : held & ~bit
  }
  if (held === before.held && known === before.known && !histories) return before
  const state = { ...before, held, known, histories: histories ?? before.histories }
  return concluded(rule, state, reading.at, { reading, histories: before.histories }, changes)
}

const noSamples: readonly Sample[] = []

/** The device is none of the rule's any more. */
function leave(rule: Rule, state: RuleState, at: number, changes: RuleChange[]): RuleState {
  const since = Math.max(at, state.since ?? at)
  if (state.active) changes.push({ rule, active: false, at: since, found: null })
  return state.active ? { ...restingState, since } : { ...restingState, since: state.since }
}

interface Source {
  readonly reading: Evidence
  readonly histories: RuleState['histories']
}

/** Whether the rule holds by its leaves; where they do not say, what was goes on. */
function concluded(rule: Rule, state: RuleState, at: number, source: Source | null, changes: RuleChange[]): RuleState {
  const active = conclusion(rule.logic, state) ?? state.active
  if (active === state.active) return state
  // What began by the clock does not end before it began.
  const since = Math.max(at, state.since ?? at)
  changes.push({ rule, active, at: since, found: source && foundBy(rule, state, active, source) })
  return { ...state, active, since }
}

/** Three-valued (Kleene): null is what nobody knows. */
export function conclusion(logic: Logic, { held, known }: Pick<RuleState, 'held' | 'known'>): boolean | null {
  switch (logic.type) {
    case 'leaf':
      return (known & (1 << logic.leaf)) === 0 ? null : (held & (1 << logic.leaf)) !== 0
    case 'not': {
      const of = conclusion(logic.of, { held, known })
      return of === null ? null : !of
    }
    case 'and':
    case 'or': {
      const decides = logic.type === 'or'
      let undecided: boolean | null = !decides
      for (const one of logic.of) {
        const of = conclusion(one, { held, known })
        if (of === decides) return decides
        if (of === null) undecided = null
      }
      return undecided
    }
  }
}

/** The number that tells most: of the first leaf that made the rule hold, or of the first one. */
function foundBy(rule: Rule, { held }: RuleState, active: boolean, source: Source): RuleChange['found'] {
  const places = rule.leaves.flatMap((leaf, place) => (isNumeric(leaf) ? [place] : []))
  const place = places.find((one) => active && (held & (1 << one)) !== 0) ?? places[0]
  const leaf = place === undefined ? undefined : rule.leaves[place]
  if (place === undefined || leaf === undefined || !isNumeric(leaf)) return null
  const rate = rule.leaves.slice(0, place).filter(({ type }) => type === 'rate').length
  const value = quantityOf(leaf, source.reading, source.histories[rate] ?? [])
  return value === null ? null : { value, limit: leaf.setPoint, unit: unitOf(leaf) }
}
