import assert from 'node:assert/strict'
import fc from 'fast-check'
import { isHidden, newAlarm, priorities, stateOf } from './alarm.ts'
import type { Alarm, AlarmEvent, AlarmRules, Transition } from './alarm.ts'
import { ReferenceAlarm } from './reference-alarm.fixture.ts'
import { dueAt, step } from './step.ts'

const delay = fc.integer({ min: 0, max: 8 })
const priority = fc.constantFrom(...priorities)

const rules: fc.Arbitrary<AlarmRules> = fc.record({
  enabled: fc.oneof({ weight: 6, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  priority: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: priority }),
  onDelayMs: delay,
  offDelayMs: delay,
  latching: fc.boolean(),
  reAlarmMs: fc.option(fc.integer({ min: 0, max: 20 })),
  escalationMs: fc
    .uniqueArray(fc.integer({ min: 1, max: 20 }), { maxLength: 3 })
    .map((steps) => steps.toSorted((a, b) => a - b)),
  mostShelvedMs: fc.integer({ min: 0, max: 40 }),
})

/** An event by the moment that it comes: acknowledgements name an occurrence near the one that stands, conditions may be late. */
type Happening = (now: number, occurrence: number) => AlarmEvent

const logic = fc.constantFrom('node pump', 'node valve')
const root = fc.option(fc.constantFrom(7, 8))
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .record({
        active: fc.boolean(),
        lag: fc.oneof(
          { weight: 4, arbitrary: fc.constant(0) },
          { weight: 1, arbitrary: fc.integer({ min: -5, max: 30 }) },
        ),
        priority,
        rootAlarmId: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: root }),
      })
      .map(
        ({ lag, ...said }) =>
          (now: number) =>
            ({ type: 'said', ...said, at: now - lag }) as const,
      ),
  },
  { weight: 1, arbitrary: fc.constant(() => ({ type: 'time' }) as const) },
  {
    weight: 5,
    arbitrary: fc
      .record({ type: fc.constantFrom('acknowledge', 'reset'), ago: fc.constantFrom(0, 0, 0, 0, 1, -1) })
      .map(({ type, ago }) => (_now: number, occurrence: number) => ({ type, occurrence: occurrence - ago })),
  },
  {
    weight: 3,
    arbitrary: fc
      .integer({ min: -1, max: 45 })
      .map((length) => (now: number) => ({ type: 'shelve', until: now + length }) as const),
  },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom('unshelve', 'unsuppress', 'take-out', 'return-to-service')
      .map((type) => () => ({ type }) as const),
  },
  { weight: 1, arbitrary: logic.map((by) => () => ({ type: 'suppress', by }) as const) },
  { weight: 2, arbitrary: root.map((rootAlarmId) => () => ({ type: 'explain', rootAlarmId }) as const) },
)

/** Kinds by which attention is asked for, hidden or not. */
const asking = new Set(['activated', 're-alarmed', 'raised'])
const revealing = new Set(['unshelved', 'shelving-ended', 'unsuppressed', 'unexplained', 'returned-to-service'])

/** The alarm of step.ts, of which time is let pass only when something happens. */
class SteppedAlarm {
  alarm: Alarm = Object.freeze(newAlarm)
  readonly transitions: Transition[] = []
  rules: AlarmRules

  constructor(rules: AlarmRules) {
    this.rules = rules
  }

  happen(event: AlarmEvent, now: number): string | undefined {
    const stepped = step(this.alarm, event, this.rules, now)
    if ('refused' in stepped) return stepped.refused
    let { occurrence } = this.alarm
    for (const { kind, to, occurrence: next } of stepped.transitions) {
      assert.equal(next - occurrence, asking.has(kind) || (revealing.has(kind) && to === 'B') ? 1 : 0, kind)
      occurrence = next
    }
    this.alarm = Object.freeze(stepped.alarm)
    this.transitions.push(...stepped.transitions)
    return undefined
  }

  /** As it would be if somebody looked. */
  seen(now: number): { readonly alarm: Alarm; readonly transitions: readonly Transition[] } {
    const stepped = step(this.alarm, { type: 'time' }, this.rules, now)
    assert.ok(!('refused' in stepped))
    return { alarm: stepped.alarm, transitions: [...this.transitions, ...stepped.transitions] }
  }
}

function assertAlike(reference: ReferenceAlarm, stepped: SteppedAlarm): void {
  const { alarm, transitions } = stepped.seen(reference.now)
  const history = transitions.map(({ rootAlarmId: _root, ...recorded }) => recorded)
  assert.deepEqual(history, reference.history)
  const seen = { letter: stateOf(alarm), occurrence: alarm.occurrence, priority: alarm.priority, holds: alarm.active }
  const { letter, occurrence, priority: ranked, holds } = reference
  assert.deepEqual(seen, { letter, occurrence, priority: ranked, holds })
  assert.deepEqual([alarm.shelvedUntil !== null, alarm.rootAlarmId ?? undefined], [reference.isShelved, reference.root])
  const due = dueAt(alarm, stepped.rules)
  assert.ok(due === null || due > reference.now, `due at ${due}, at ${reference.now}`)
  if (alarm.shelvedUntil !== null) assert.ok(due! <= alarm.shelvedUntil)
}

type Step = fc.Command<ReferenceAlarm, SteppedAlarm>

class Happens implements Step {
  readonly gap: number
  readonly what: Happening
  #event: AlarmEvent | undefined

  constructor(gap: number, what: Happening) {
    this.gap = gap
    this.what = what
  }

  check = (): boolean => true

  run(reference: ReferenceAlarm, stepped: SteppedAlarm): void {
    reference.tick(this.gap)
    const event = this.what(reference.now, reference.occurrence)
    this.#event = event
    assert.equal(stepped.happen(event, reference.now), reference.happen(event))
    assertAlike(reference, stepped)
    if (event.type === 'said') {
      const before = stepped.alarm
      stepped.happen(event, reference.now)
      assert.equal(stepped.alarm, before)
    }
  }

  toString = (): string => `after ${this.gap}: ${JSON.stringify(this.#event)}`
}

class IsRedefined implements Step {
  readonly gap: number
  readonly rules: AlarmRules

  constructor(gap: number, redefined: AlarmRules) {
    this.gap = gap
    this.rules = redefined
  }

  check = (): boolean => true

  run(reference: ReferenceAlarm, stepped: SteppedAlarm): void {
    reference.tick(this.gap)
    // By the rules of before.
    stepped.happen({ type: 'time' }, reference.now)
    reference.rules = this.rules
    stepped.rules = this.rules
    reference.happen({ type: 'redefined' })
    stepped.happen({ type: 'redefined' }, reference.now)
    assertAlike(reference, stepped)
    const before = stepped.alarm
    stepped.happen({ type: 'redefined' }, reference.now)
    assert.equal(stepped.alarm, before)
  }

  toString = (): string => `after ${this.gap}: redefined ${JSON.stringify(this.rules)}`
}

const gap = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 4 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 40 }) },
)
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.tuple(gap, happening).map(([after, what]) => new Happens(after, what)) },
  { weight: 1, arbitrary: fc.tuple(gap, rules).map(([after, redefined]) => new IsRedefined(after, redefined)) },
)

describe('the life of an alarm (properties)', function () {
  this.timeout(60_000)

  it('is that of the reference by letters, in 10,000 sequences; what is shelved comes back', () => {
    const seen = new Set<string>()
    const sequences = fc.property(rules, fc.commands([anyStep], { maxCommands: 30, size: '+1' }), (defined, steps) => {
      const reference = new ReferenceAlarm(defined)
      const stepped = new SteppedAlarm(defined)
      fc.modelRun(() => ({ model: reference, real: stepped }), steps)
      for (const { kind, from, to } of stepped.transitions) seen.add(`${kind} ${from}→${to}`)
      const end = reference.now + 10_000
      assert.equal(stepped.seen(end).alarm.shelvedUntil, null)
    })
    fc.assert(sequences, { seed: 182, numRuns: 10_000 })
    // The sequences go everywhere.
    for (const row of rows) assert.ok(seen.has(row), `never came to ${row}`)
  })

  it('does not depend on how often somebody looks', () => {
    const happenings = fc.array(fc.tuple(gap, happening), { maxLength: 30 })
    const looks = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 60 })
    fc.assert(
      fc.property(rules, happenings, looks, (defined, sequence, instants) => {
        const seldom = new SteppedAlarm(defined)
        const often = new SteppedAlarm(defined)
        let now = 0
        for (const [after, what] of sequence) {
          for (const at of instants.filter((one) => one > now && one <= now + after).toSorted((a, b) => a - b))
            often.happen({ type: 'time' }, at)
          now += after
          const event = what(now, often.seen(now).alarm.occurrence)
          assert.equal(seldom.happen(event, now), often.happen(event, now))
        }
        assert.deepEqual(seldom.seen(now + 100), often.seen(now + 100))
      }),
      { seed: 17, numRuns: 3_000 },
    )
  })

  it('never asks for attention behind what hides it, and dates nothing before what came before', () => {
    fc.assert(
      fc.property(rules, fc.array(fc.tuple(gap, happening), { maxLength: 30 }), (defined, sequence) => {
        const stepped = new SteppedAlarm(defined)
        let now = 0
        for (const [after, what] of sequence) {
          now += after
          stepped.happen(what(now, stepped.alarm.occurrence), now)
        }
        const { alarm, transitions } = stepped.seen(now)
        for (const [index, { from, at, kind }] of transitions.entries()) {
          assert.equal(from, index === 0 ? 'A' : transitions[index - 1]!.to, kind)
          assert.ok(at <= now && at >= (transitions[index - 1]?.at ?? at), kind)
        }
        if (isHidden(alarm))
          assert.equal(
            dueAt(alarm, { ...defined, reAlarmMs: 0, escalationMs: [0, 0, 0, 0] }),
            dueAt(alarm, { ...defined, reAlarmMs: null, escalationMs: [] }),
          )
      }),
      { seed: 4, numRuns: 3_000 },
    )
  })
})

/** All of the transition table that the sequences must come to. */
const rows = [
  ...['activated A→B', 'acknowledged B→C', 'acknowledged D→A', 'acknowledged E→F', 'returned B→D', 'returned C→A'],
  ...['latched B→E', 'latched C→F', 'activated D→B', 'activated E→B', 'activated F→B', 're-alarmed C→B', 'raised C→B'],
  ...['reset F→A', 'unshelved G→A', 'unshelved G→B', 'shelving-ended G→A', 'shelving-ended G→B', 'unsuppressed H→A'],
  ...['unsuppressed H→B', 'unexplained H→B', 'returned-to-service I→A', 'returned-to-service I→B', 'activated A→H'],
  ...['returned H→A', 'activated G→G', 'returned I→I', 'shelving-ended I→I', 'shelving-ended H→H', 'escalated B→B'],
  ...['A', 'B', 'C', 'D', 'E', 'F', 'G'].flatMap((letter) => [`taken-out ${letter}→I`, `suppressed ${letter}→H`]),
  ...['A', 'B', 'C', 'D', 'E', 'F'].map((letter) => `shelved ${letter}→G`),
]
