import assert from 'node:assert/strict'
import fc from 'fast-check'
import { mayRole, roles } from '../../../platform/access/roles.ts'
import { alarmActions, eventOf, personActions, problemOf, refusalBefore, rightOf } from './action.ts'
import type { ActionRefusal, Actor, AlarmAction, Attempt, Stands } from './action.ts'
import { alarmStates, type StateLetter } from '../domain/alarm.ts'

const attempt = (action: AlarmAction, more: Partial<Attempt> = {}): Attempt => ({
  ...{ action, alarm: 7, occurrence: 3, until: Date.UTC(2026, 2, 10, 13), reason: 'works', ...more },
})
const operator: Actor = { kind: 'person', username: 'ana', role: 'operator' }
const logic: Actor = { kind: 'logic', username: 'node gate', allowed: ['suppress', 'unsuppress'] }

describe('what may be tried with an alarm', () => {
  for (const action of alarmActions)
    for (const role of roles) {
      const right = rightOf(action)
      const refused = right === null ? 'not-for-persons' : mayRole(role, right) ? undefined : 'wrong-role'
      it(`${role} ${action}: ${refused ?? 'goes on'}`, () =>
        assert.equal(refusalBefore({ kind: 'person', username: 'ana', role }, attempt(action)), refused))
    }

  it('persons do all but suppressing', () =>
    assert.deepEqual(personActions, ['acknowledge', 'comment', 'shelve', 'unshelve', 'reset', 'take-out', 'return']))

  it('logic does what its node lets it, and nothing else', () =>
    assert.deepEqual(
      alarmActions.filter((action) => refusalBefore(logic, attempt(action)) === undefined),
      ['suppress', 'unsuppress'],
    ))

  it('who is not proven does nothing', () => {
    const unproven: Actor = { kind: 'unproven', username: 'node gate' }
    for (const action of alarmActions) assert.equal(refusalBefore(unproven, attempt(action)), 'not-proven')
  })

  for (const [action, missing, refused] of [
    ['comment', { reason: ' ' }, 'reason-needed'],
    ['shelve', { reason: null }, 'reason-needed'],
    ['acknowledge', { reason: null }, undefined],
    ['acknowledge', { occurrence: null }, 'occurrence-needed'],
    ['reset', { occurrence: null }, 'occurrence-needed'],
    ['unshelve', { occurrence: null, reason: null }, undefined],
    ['shelve', { until: null }, 'end-needed'],
  ] as const)
    it(`${action} with ${JSON.stringify(missing)}: ${refused ?? 'goes on'}`, () =>
      assert.equal(refusalBefore(operator, attempt(action, missing)), refused))
})

describe('what an action does to an alarm', () => {
  it('names the occurrence, the end and the logic', () =>
    assert.deepEqual(
      alarmActions.map((action) => eventOf(attempt(action), 'node gate')),
      [
        { type: 'acknowledge', occurrence: 3 },
        null,
        { type: 'shelve', until: Date.UTC(2026, 2, 10, 13) },
        { type: 'unshelve' },
        { type: 'reset', occurrence: 3 },
        { type: 'take-out' },
        { type: 'return-to-service' },
        { type: 'suppress', by: 'node gate' },
        { type: 'unsuppress' },
      ],
    ))
})

describe('why an action was refused, in words', () => {
  const stands: Stands = { state: 'G', occurrence: 4, mostShelvedMs: 90 * 60_000 }
  for (const [code, action, words] of [
    ['stale-occurrence', 'acknowledge', 'occurrence 3 was named, and 4 is what stands: look at it again'],
    ['hidden', 'acknowledge', 'it is shelved, and nobody is asked to acknowledge it there'],
    [
      'beyond-shelving-limit',
      'shelve',
      'until 2026-03-10T13:00:00.000Z is too long: its class is shelved for 90 min at most',
    ],
    ['wrong-role', 'take-out', 'the role operator does not have the right configure-alarms'],
    ['unknown-alarm', 'comment', 'there is no alarm 7'],
    ['foreign-area', 'comment', 'it is in no area of responsibility of ana'],
    ['not-for-persons', 'suppress', 'no person may suppress: logic does that by design, and a person shelves'],
  ] as const)
    it(`${code}: ${words}`, () => assert.equal(problemOf(code, attempt(action), operator, stands), words))

  it('are there for every reason, one line each (property)', () => {
    const codes: ActionRefusal[] = [
      ...(['stale-occurrence', 'nothing-to-acknowledge', 'nothing-to-reset', 'hidden', 'not-shelved'] as const),
      ...(['beyond-shelving-limit', 'shelving-ends-in-the-past', 'not-suppressed', 'in-service'] as const),
      ...(['already-out-of-service', 'unknown-alarm', 'wrong-role', 'foreign-area', 'not-for-persons'] as const),
      ...(['explains-nothing', 'explains-too-many'] as const),
      ...(['not-for-logic', 'not-proven', 'reason-needed', 'occurrence-needed', 'end-needed'] as const),
    ]
    fc.assert(
      fc.property(
        fc.constantFrom(...codes),
        fc.constantFrom(...personActions),
        fc.constantFrom(...(Object.keys(alarmStates) as StateLetter[])),
        (code, action, state) => {
          const words = problemOf(code, attempt(action), operator, { ...stands, state })
          assert.match(words, /^[^\n]{10,150}$/)
          assert.doesNotMatch(words, /undefined|null/)
        },
      ),
    )
  })
})
