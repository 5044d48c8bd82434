import assert from 'node:assert/strict'
import { masterAlarmTable, newAlarm, stateOf } from './alarm.ts'
import type { Alarm, AlarmEvent, AlarmRules, Refusal, StateLetter, Transition } from './alarm.ts'
import { dueAt, step } from './step.ts'

const minuteMs = 60_000

const plain: AlarmRules = {
  ...{ enabled: true, priority: null, onDelayMs: 0, offDelayMs: 0, latching: false, reAlarmMs: null },
  ...{ escalationMs: [], mostShelvedMs: 480 * minuteMs },
}
const latching: AlarmRules = { ...plain, latching: true }

/** What happens at a minute; `said` of the same minute. */
type Happening = readonly [minute: number, event: AlarmEvent]

const isSo = (minute: number, priority = 'medium' as const): Happening => [
  minute,
  { type: 'said', active: true, at: minute * minuteMs, priority },
]
const isOver = (minute: number): Happening => [
  minute,
  { type: 'said', active: false, at: minute * minuteMs, priority: 'low' },
]
const acknowledge = (minute: number, occurrence = 1): Happening => [minute, { type: 'acknowledge', occurrence }]
const shelve = (minute: number, until: number): Happening => [minute, { type: 'shelve', until: until * minuteMs }]
const time = (minute: number): Happening => [minute, { type: 'time' }]

/** A life, with all that was recorded. */
function live(rules: AlarmRules, happenings: readonly Happening[], from: Alarm = newAlarm) {
  let alarm = from
  const transitions: Transition[] = []
  for (const [minute, event] of happenings) {
    const stepped = step(alarm, event, rules, minute * minuteMs)
    assert.ok(!('refused' in stepped), `refused: ${JSON.stringify(stepped)}`)
    alarm = stepped.alarm
    transitions.push(...stepped.transitions)
  }
  return { alarm, transitions, told: transitions.map(told) }
}

const told = ({ kind, from, to, at }: Transition): string => `${kind} ${from}→${to} at ${at / minuteMs}`

function refusalOf(rules: AlarmRules, before: readonly Happening[], [minute, event]: Happening): Refusal | undefined {
  const stepped = step(live(rules, before).alarm, event, rules, minute * minuteMs)
  return 'refused' in stepped ? stepped.refused : undefined
}

/** How each state is come to. */
const ways: Record<StateLetter, readonly [AlarmRules, readonly Happening[]]> = {
  A: [plain, [isOver(0)]],
  B: [plain, [isSo(0)]],
  C: [plain, [isSo(0), acknowledge(1)]],
  D: [plain, [isSo(0), isOver(1)]],
  E: [latching, [isSo(0), isOver(1)]],
  F: [latching, [isSo(0), isOver(1), acknowledge(2)]],
  G: [plain, [isSo(0), shelve(1, 60)]],
  H: [plain, [isSo(0), [1, { type: 'suppress', by: 'node pump out' }]]],
  I: [plain, [isSo(0), [1, { type: 'take-out' }]]],
}
const letters = Object.keys(ways) as StateLetter[]

describe('the transition table of ISA-18.2', () => {
  const goes = (
    what: string,
    rules: AlarmRules,
    from: StateLetter,
    happening: Happening,
    to: StateLetter,
    occurrences: number,
  ): void => {
    it(`${from} → ${to}: ${what}`, () => {
      const [, way] = ways[from]
      const before = live(rules, way).alarm
      assert.equal(stateOf(before), from)
      const { alarm, transitions } = live(rules, [happening], before)
      assert.equal(stateOf(alarm), to)
      assert.equal(alarm.occurrence - before.occurrence, occurrences)
      assert.deepEqual([transitions.at(0)!.from, transitions.at(-1)!.to], [from, to])
    })
  }

  const delayed = { ...plain, onDelayMs: 2 * minuteMs, offDelayMs: 3 * minuteMs }
  it('A → B: condition true for the on-delay', () => {
    assert.deepEqual(live(delayed, [isSo(0), time(1.9)]).told, [])
    assert.deepEqual(live(delayed, [isSo(0), time(9)]).told, ['activated A→B at 2'])
    assert.deepEqual(live(delayed, [isSo(0), isOver(1), time(9)]).told, [])
  })
  goes('acknowledged', plain, 'B', acknowledge(5), 'C', 0)
  goes('acknowledged', plain, 'D', acknowledge(5), 'A', 0)
  goes('acknowledged', latching, 'E', acknowledge(5), 'F', 0)
  it('B → D: returned for the off-delay', () => {
    const { told } = live(delayed, [isSo(0), isOver(3), isSo(5), isOver(6), time(8.9), time(20)])
    assert.deepEqual(told, ['activated A→B at 2', 'returned B→D at 9'])
  })
  it('C → A: returned for the off-delay', () => {
    const { told } = live(delayed, [isSo(0), acknowledge(2.5), isOver(3), time(20)])
    assert.deepEqual(told, ['activated A→B at 2', 'acknowledged B→C at 2.5', 'returned C→A at 6'])
  })
  goes('returned, latched', latching, 'B', isOver(5), 'E', 0)
  goes('returned, latched', latching, 'C', isOver(5), 'F', 0)
  goes('condition true again', plain, 'D', isSo(5), 'B', 1)
  goes('condition true again', latching, 'E', isSo(5), 'B', 1)
  goes('condition true again', latching, 'F', isSo(5), 'B', 1)
  it('C → B: re-alarm timer, counted from the acknowledgement', () => {
    const { told } = live({ ...plain, reAlarmMs: 30 * minuteMs }, [isSo(0), acknowledge(40), time(90)])
    assert.deepEqual(told, ['activated A→B at 0', 'acknowledged B→C at 40', 're-alarmed C→B at 70'])
  })
  it('C → B: priority raised', () => {
    const { told, alarm } = live(plain, [isSo(0), acknowledge(1), [2, { ...said, priority: 'high', at: 2 * minuteMs }]])
    assert.equal(told.at(-1), 'raised C→B at 2')
    assert.deepEqual([alarm.priority, alarm.occurrence], ['high', 2])
  })
  const said = { type: 'said', active: true, at: 0, priority: 'medium' } as const
  goes('reset', latching, 'F', [5, { type: 'reset', occurrence: 1 }], 'A', 0)
  for (const from of letters.filter((letter) => !'HI'.includes(letter)))
    goes('shelved until a time', ways[from][0], from, shelve(5, 65), 'G', 0)
  for (const from of letters.filter((letter) => letter !== 'I'))
    goes('design logic', ways[from][0], from, [5, { type: 'suppress', by: 'node shutdown' }], 'H', 0)
  for (const from of letters.filter((letter) => letter !== 'I'))
    goes('authorised maintenance', ways[from][0], from, [5, { type: 'take-out' }], 'I', 0)

  const back: Record<'G' | 'H' | 'I', Happening> = {
    G: [10, { type: 'unshelve' }],
    H: [10, { type: 'unsuppress' }],
    I: [10, { type: 'return-to-service' }],
  }
  for (const from of ['G', 'H', 'I'] as const) {
    goes('the condition still holds', plain, from, back[from], 'B', 1)
    it(`${from} → A: the condition has gone meanwhile, and that is recorded`, () => {
      const { told } = live(plain, [...ways[from][1], isOver(7), back[from]])
      assert.equal(told.at(-2), `returned ${from}→${from} at 7`)
      assert.match(told.at(-1)!, new RegExp(`^\\S+ ${from}→A at 10$`))
    })
    it(`${from} → B: the condition came meanwhile, and that is recorded`, () => {
      const { told } = live(plain, [isOver(0), ways[from][1].at(-1)!, isSo(7), back[from]])
      assert.equal(told.at(-2), `activated ${from}→${from} at 7`)
      assert.match(told.at(-1)!, new RegExp(`^\\S+ ${from}→B at 10$`))
    })
  }
})

describe('an alarm that is hidden', () => {
  it('comes back when its shelving ends, at that instant however late somebody looks', () => {
    const { told } = live(plain, [isSo(0), acknowledge(1), shelve(2, 32), time(500)])
    assert.deepEqual(told.slice(2), ['shelved C→G at 2', 'shelving-ended G→B at 32'])
  })

  it('comes out of E and F as normal where the condition has gone', () => {
    for (const letter of ['E', 'F'] as const)
      assert.equal(
        live(latching, [...ways[letter][1], shelve(5, 10), time(10)]).told.at(-1),
        'shelving-ended G→A at 10',
      )
  })

  it('does not latch there', () => {
    const { told } = live(latching, [isSo(0), shelve(1, 10), isOver(5), time(10)])
    assert.deepEqual(told.slice(2), ['returned G→G at 5', 'shelving-ended G→A at 10'])
  })

  it('comes out with the last of what hides it', () => {
    const { told } = live(plain, [
      ...([isSo(0), shelve(1, 10), [2, { type: 'suppress', by: 'node a' }], [3, { type: 'take-out' }]] as Happening[]),
      ...([time(11), [12, { type: 'return-to-service' }], [13, { type: 'unsuppress' }]] as Happening[]),
    ])
    assert.deepEqual(told.slice(1), [
      ...['shelved B→G at 1', 'suppressed G→H at 2', 'taken-out H→I at 3', 'shelving-ended I→I at 10'],
      ...['returned-to-service I→H at 12', 'unsuppressed H→B at 13'],
    ])
  })

  it('is not acknowledged, reset, escalated or re-alarmed', () => {
    const rules = { ...plain, reAlarmMs: minuteMs, escalationMs: [2 * minuteMs] }
    for (const letter of ['G', 'H', 'I'] as const) {
      const [, way] = ways[letter]
      assert.equal(refusalOf(rules, way, acknowledge(5)), 'hidden')
      assert.equal(refusalOf(rules, way, [5, { type: 'reset', occurrence: 1 }]), 'hidden')
      assert.deepEqual(live(rules, [...way, time(50)]).told.length, 2)
    }
  })
})

describe('shelving', () => {
  const rules = { ...plain, mostShelvedMs: 60 * minuteMs }

  it('is refused into the past and beyond the limit of its class', () => {
    assert.equal(refusalOf(rules, [isSo(0)], shelve(5, 5)), 'shelving-ends-in-the-past')
    assert.equal(refusalOf(rules, [isSo(0)], shelve(5, 66)), 'beyond-shelving-limit')
    assert.equal(refusalOf({ ...plain, mostShelvedMs: 0 }, [isSo(0)], shelve(5, 6)), 'beyond-shelving-limit')
  })

  it('is put off within the limit, counted from when it was first shelved', () => {
    const before = [isSo(0), shelve(5, 30), shelve(20, 65)]
    assert.equal(live(rules, [...before, time(65)]).told.at(-1), 'shelving-ended G→B at 65')
    assert.equal(refusalOf(rules, before, shelve(40, 66)), 'beyond-shelving-limit')
  })

  it('begins anew once the alarm has come back', () => {
    const { told } = live(rules, [isSo(0), shelve(5, 65), time(65), shelve(66, 126), time(126)])
    assert.deepEqual(told.slice(1), [
      ...['shelved B→G at 5', 'shelving-ended G→B at 65', 'shelved B→G at 66', 'shelving-ended G→B at 126'],
    ])
  })

  it('until the same instant changes nothing', () => {
    const { alarm } = live(rules, [isSo(0), shelve(5, 30)])
    assert.equal(live(rules, [shelve(6, 30)], alarm).alarm, alarm)
  })

  it('is ended by whoever shelved', () => {
    assert.equal(refusalOf(rules, [isSo(0)], [1, { type: 'unshelve' }]), 'not-shelved')
    const { alarm } = live(rules, [isSo(0), shelve(1, 9), [2, { type: 'unshelve' }]])
    assert.deepEqual(
      [stateOf(alarm), alarm.shelvedSince, alarm.shelvedUntil, dueAt(alarm, rules)],
      ['B', null, null, null],
    )
  })
})

describe('an acknowledgement', () => {
  it('names the occurrence that stands', () => {
    assert.equal(refusalOf(plain, [isSo(0), isOver(1), isSo(2)], acknowledge(3, 1)), 'stale-occurrence')
    assert.equal(refusalOf(plain, [isSo(0)], acknowledge(3, 2)), 'stale-occurrence')
  })

  it('is refused where there is nothing to acknowledge', () => {
    assert.equal(refusalOf(plain, [isOver(0)], acknowledge(3, 0)), 'nothing-to-acknowledge')
    assert.equal(refusalOf(plain, [isSo(0), acknowledge(1)], acknowledge(3)), 'nothing-to-acknowledge')
  })

  it('comes before a reset', () => {
    const reset = (occurrence: number): Happening => [5, { type: 'reset', occurrence }]
    assert.equal(refusalOf(latching, ways.E[1], reset(1)), 'nothing-to-reset')
    assert.equal(refusalOf(latching, ways.F[1], reset(2)), 'stale-occurrence')
    assert.equal(refusalOf(plain, ways.C[1], reset(1)), 'nothing-to-reset')
  })

  it('ends escalation, which counts from when the operator was told', () => {
    const rules = { ...plain, escalationMs: [5 * minuteMs, 15 * minuteMs] }
    assert.deepEqual(live(rules, [isSo(0), time(60)]).told.slice(1), ['escalated B→B at 5', 'escalated B→B at 15'])
    assert.deepEqual(live(rules, [isSo(0), acknowledge(6), time(60)]).told.at(-1), 'acknowledged B→C at 6')
    const latched = live({ ...rules, latching: true }, [isSo(0), isOver(1), time(60)])
    assert.deepEqual(latched.told.slice(1), ['latched B→E at 1', 'escalated E→E at 5', 'escalated E→E at 15'])
  })
})

describe('what is said', () => {
  it('says nothing where something newer was said', () => {
    const { alarm } = live(plain, [isSo(10)])
    for (const active of [true, false])
      assert.equal(
        live(plain, [[20, { type: 'said', active, at: 9 * minuteMs, priority: 'critical' }]], alarm).alarm,
        alarm,
      )
  })

  it('changes nothing the second time', () => {
    const { alarm } = live(plain, [isSo(10), acknowledge(11)])
    for (const at of [10, 12])
      assert.equal(
        live(plain, [[12, { type: 'said', active: true, at: at * minuteMs, priority: 'medium' }]], alarm).alarm,
        alarm,
      )
  })

  it('takes effect now where it is of a clock that runs ahead', () => {
    const ahead: Happening = [5, { type: 'said', active: true, at: 1_000 * minuteMs, priority: 'low' }]
    assert.deepEqual(live(plain, [ahead, isOver(6)]).told, ['activated A→B at 5', 'returned B→D at 6'])
  })

  it('does not rewrite history where it is late', () => {
    const rules = { ...plain, onDelayMs: 2 * minuteMs }
    const late: Happening = [60, { type: 'said', active: false, at: minuteMs, priority: 'low' }]
    assert.deepEqual(live(rules, [isSo(0), late]).told, ['activated A→B at 2', 'returned B→D at 2'])
    assert.deepEqual(live(rules, [isSo(0), acknowledge(30), late]).told.at(-1), 'returned C→A at 30')
  })

  it('is told to the operator when it is heard, however long ago it became so', () => {
    const rules = { ...plain, escalationMs: [10 * minuteMs] }
    const late: Happening = [60, { type: 'said', active: true, at: 0, priority: 'low' }]
    const { told, alarm } = live(rules, [late, time(99)])
    assert.deepEqual(told, ['activated A→B at 0', 'escalated B→B at 70'])
    assert.deepEqual([alarm.activeSince, alarm.annunciatedAt], [0, 60 * minuteMs])
  })

  it('of another priority is recorded and asks for nothing, unless it is raised once acknowledged', () => {
    const more = (minute: number, priority: 'low' | 'critical'): Happening => [
      minute,
      { type: 'said', active: true, at: 0, priority },
    ]
    const { told, alarm } = live(plain, [
      isSo(0),
      more(1, 'critical'),
      acknowledge(2),
      more(3, 'low'),
      more(4, 'critical'),
    ])
    assert.deepEqual(told.slice(1), [
      ...['reprioritised B→B at 1', 'acknowledged B→C at 2', 'reprioritised C→C at 3', 'raised C→B at 4'],
    ])
    assert.deepEqual([alarm.occurrence, alarm.priority], [2, 'critical'])
  })

  it('has the priority of its definition where that has one', () => {
    assert.equal(live({ ...plain, priority: 'high' }, [isSo(0)]).transitions[0]!.priority, 'high')
  })
})

describe('a root cause', () => {
  const under = (minute: number, rootAlarmId: number | null): Happening => [minute, { type: 'explain', rootAlarmId }]
  const explained: Happening = [1, { type: 'said', active: true, at: minuteMs, priority: 'low', rootAlarmId: 7 }]

  it('hides from the start what it explains: an occurrence of which nobody was told', () => {
    const { told, alarm } = live(plain, [explained])
    assert.deepEqual(told, ['activated A→H at 1'])
    assert.deepEqual([alarm.occurrence, alarm.annunciatedAt, alarm.rootAlarmId], [1, null, 7])
  })

  it('that comes later takes it out of sight; another may follow; with none left it is an alarm of its own', () => {
    const { told, alarm } = live(plain, [
      isSo(0),
      acknowledge(1),
      under(2, 7),
      under(3, 7),
      under(4, 8),
      under(5, null),
    ])
    assert.deepEqual(told.slice(2), ['explained C→H at 2', 'explained H→H at 4', 'unexplained H→B at 5'])
    assert.equal(alarm.occurrence, 2)
  })

  it('goes with what it explains', () => {
    const { told, alarm } = live(latching, [explained, isOver(3), isSo(4)])
    assert.deepEqual(told, ['activated A→H at 1', 'returned H→A at 3', 'activated A→B at 4'])
    assert.equal(alarm.rootAlarmId, null)
    assert.equal(live({ ...plain, onDelayMs: 9 * minuteMs }, [explained, isOver(3)]).alarm.rootAlarmId, null)
  })

  it('waits with what it explains for the on-delay', () => {
    const rules = { ...plain, onDelayMs: 5 * minuteMs }
    assert.deepEqual(live(rules, [isSo(0), under(2, 7), time(20)]).told, ['activated A→H at 5'])
  })

  it('explains nothing of what is not so, and is not ended by what is said again without it', () => {
    assert.equal(live(plain, [isSo(0), isOver(1), under(2, 7)]).alarm.rootAlarmId, null)
    assert.equal(live(plain, [explained, isSo(3)]).alarm.rootAlarmId, 7)
  })

  it('leaves it to whatever else hides it', () => {
    const { told } = live(plain, [isSo(0), shelve(1, 30), under(2, 7), under(5, null), time(30)])
    assert.deepEqual(told.slice(2), ['explained G→H at 2', 'unexplained H→G at 5', 'shelving-ended G→B at 30'])
  })
})

describe('a definition', () => {
  const again: Happening = [20, { type: 'redefined' }]
  const disabled = { ...plain, enabled: false }

  it('that is not enabled has its alarms recorded and not annunciated', () => {
    const { told, alarm } = live(disabled, [isSo(0), isOver(5), isSo(6)])
    assert.deepEqual(told, ['activated A→H at 0', 'returned H→A at 5', 'activated A→H at 6'])
    assert.deepEqual([alarm.suppressedBy, alarm.occurrence], [masterAlarmTable, 2])
    assert.equal(refusalOf(disabled, [isSo(0)], [1, { type: 'unsuppress' }]), 'not-suppressed')
  })

  it('hides what stands once it is disabled, and lets it out once it is enabled', () => {
    const { alarm, told } = live(disabled, [again], live(plain, ways.C[1]).alarm)
    assert.deepEqual(told, ['suppressed C→H at 20'])
    assert.deepEqual(live(plain, [again], alarm).told, ['unsuppressed H→B at 20'])
    assert.equal(live(disabled, [again], alarm).alarm, alarm)
  })

  it('that is not enabled stands behind the logic of a flow', () => {
    const { told } = live(disabled, [isSo(0), [1, { type: 'suppress', by: 'node a' }], [2, { type: 'unsuppress' }]])
    assert.deepEqual(told.slice(1), ['suppressed H→H at 1', 'unsuppressed H→H at 2'])
  })

  it('of a higher priority asks for attention again', () => {
    const { alarm } = live(plain, ways.C[1])
    assert.deepEqual(live({ ...plain, priority: 'critical' }, [again], alarm).told, ['raised C→B at 20'])
    assert.deepEqual(live({ ...plain, priority: 'low' }, [again], alarm).told, ['reprioritised C→C at 20'])
    assert.equal(live(plain, [again], alarm).alarm, alarm)
  })

  it('without a priority leaves it to what was said while it held', () => {
    const rules = { ...plain, priority: 'high', offDelayMs: 60 * minuteMs } as const
    const { alarm } = live(rules, [isSo(0), isOver(1)])
    assert.equal(live({ ...rules, priority: null }, [again], alarm).alarm.priority, 'medium')
  })

  it('with shorter delays has happen now, not then, what it would have had happen before', () => {
    const slow = { ...plain, onDelayMs: 60 * minuteMs }
    assert.deepEqual(live(plain, [again], live(slow, [isSo(0)]).alarm).told, ['activated A→B at 20'])
    const quick = { ...plain, reAlarmMs: minuteMs }
    assert.deepEqual(live(quick, [again], live(plain, ways.C[1]).alarm).told, ['re-alarmed C→B at 20'])
  })

  it('with a shorter limit of shelving brings the alarm back by then', () => {
    const { alarm } = live(plain, [isSo(0), shelve(1, 400)])
    assert.deepEqual(live({ ...plain, mostShelvedMs: 30 * minuteMs }, [again, time(99)], alarm).told, [
      ...['shelved G→G at 20', 'shelving-ended G→B at 31'],
    ])
    assert.deepEqual(live({ ...plain, mostShelvedMs: 5 * minuteMs }, [again], alarm).told, [
      ...['shelved G→G at 20', 'shelving-ended G→B at 20'],
    ])
  })
})

describe('maintenance', () => {
  it('is begun once and ended once', () => {
    assert.equal(refusalOf(plain, ways.I[1], [5, { type: 'take-out' }]), 'already-out-of-service')
    assert.equal(refusalOf(plain, ways.B[1], [5, { type: 'return-to-service' }]), 'in-service')
    assert.equal(refusalOf(plain, ways.B[1], [5, { type: 'unsuppress' }]), 'not-suppressed')
  })
})

describe('when time next changes something', () => {
  it('is the first of its timers', () => {
    const rules = {
      ...plain,
      onDelayMs: minuteMs,
      offDelayMs: 2 * minuteMs,
      escalationMs: [3 * minuteMs, 9 * minuteMs],
    }
    const due = (...happenings: Happening[]): number | null => {
      const at = dueAt(live(rules, happenings).alarm, rules)
      return at === null ? null : at / minuteMs
    }
    assert.equal(dueAt(newAlarm, rules), null)
    assert.equal(due(isSo(0)), 1)
    assert.equal(due(isSo(0), time(1)), 4)
    assert.equal(due(isSo(0), time(1), isOver(1.5)), 3.5)
    assert.equal(due(isSo(0), time(5), shelve(6, 20)), 20)
    assert.equal(due(isSo(0), time(99)), null)
  })
})
