import assert from 'node:assert/strict'
import type { FaultLabel } from '../../simulator/plant/fault-kinds.ts'
import type { Call } from './call.ts'
import { matched } from './matching.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const label = (more: Partial<FaultLabel> = {}): FaultLabel => ({
  ...{ panelId: 'a', kind: 'zero_output', from: 10 * DAY, to: 12 * DAY, episode: 1 },
  ...more,
})
const call = (more: Partial<Call> = {}): Call => ({
  ...{ panelId: 'a', kind: 'zero_output', since: 10 * DAY, foundAt: 10 * DAY + HOUR, endedAt: 12 * DAY },
  ...more,
})
const match = (labels: FaultLabel[], calls: Call[]) => matched({ labels, calls, from: 0, to: 100 * DAY, panels: 2 })
const counts = (labels: FaultLabel[], calls: Call[]) => {
  const { episodes, wrong, falseAlarms } = match(labels, calls)
  const sum = (of: 'found' | 'missed') => episodes.reduce((all, one) => all + one[of], 0)
  return { found: sum('found'), missed: sum('missed'), wrong: wrong.length, falseAlarms: falseAlarms.length }
}

describe('calls against labels', () => {
  it('find a fault by its name while it lasts, so long after its beginning', () => {
    assert.deepEqual(counts([label()], [call()]), { found: 1, missed: 0, wrong: 0, falseAlarms: 0 })
    assert.deepEqual(match([label()], [call()]).episodes[0]!.delays, [HOUR])
  })

  it('know each fault by the name that detectors have for it', () => {
    assert.equal(counts([label({ kind: 'stuck_sensor' })], [call({ kind: 'stuck_value' })]).found, 1)
  })

  it('miss it where nothing is said, or after it is over, or of another panel', () => {
    const missed = { found: 0, missed: 1 }
    assert.deepEqual(counts([label()], []), { ...missed, wrong: 0, falseAlarms: 0 })
    assert.deepEqual(counts([label()], [call({ foundAt: 20 * DAY, endedAt: 21 * DAY })]), {
      ...missed,
      ...{ wrong: 1, falseAlarms: 1 },
    })
    assert.deepEqual(counts([label()], [call({ panelId: 'b' })]), { ...missed, wrong: 1, falseAlarms: 1 })
  })

  it('are wrong under the name of another fault, which is no false alarm', () => {
    const { wrong, falseAlarms, calledOtherwise } = match([label()], [call(), call({ kind: 'soiling' })])
    assert.deepEqual([wrong.length, wrong[0]!.kind, wrong[0]!.instead], [1, 'soiling', 'zero_output'])
    assert.equal(falseAlarms.length, 0)
    assert.deepEqual([...calledOtherwise.get('zero_output')!], [['soiling', 1]])
  })

  it('of names that no fault has are false alarms on a panel that has nothing, and else nothing', () => {
    assert.deepEqual(counts([label()], [call(), call({ kind: 'unusual' })]).wrong, 0)
    assert.deepEqual(counts([], [call({ kind: 'unusual' })]), { found: 0, missed: 0, wrong: 0, falseAlarms: 1 })
  })

  it('in the day after a fault are none, two days after it they are', () => {
    const after = (hours: number) => call({ kind: 'mismatch', foundAt: 12 * DAY + hours * HOUR, endedAt: Infinity })
    assert.equal(counts([label()], [call(), after(20)]).falseAlarms, 0)
    assert.equal(counts([label()], [call(), after(48)]).falseAlarms, 1)
  })

  it('that were there before find nothing, and are no wrong ones while the fault lasts', () => {
    const early = call({ foundAt: 9.5 * DAY })
    assert.deepEqual(counts([label()], [early]), { found: 0, missed: 1, wrong: 0, falseAlarms: 0 })
  })

  it('count once for a label, and again as repeats', () => {
    const again = call({ foundAt: 11 * DAY })
    const { episodes, repeats } = match([label()], [call({ endedAt: 10.5 * DAY }), again])
    assert.deepEqual([episodes[0]!.found, repeats.get('zero_output')], [1, 1])
  })

  it('of panels with one cause are judged together', () => {
    const { episodes } = match([label(), label({ panelId: 'b' })], [call()])
    assert.deepEqual([episodes.length, episodes[0]!.found, episodes[0]!.missed], [1, 1, 1])
  })
})
