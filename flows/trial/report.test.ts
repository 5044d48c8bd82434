import assert from 'node:assert/strict'
import { compare, countsOf } from './compare.ts'
import type { Item, Outcome } from './outcome.ts'
import { asJson, describe as describeResult, describeStandIns, failuresOf, type Result } from './report.ts'

const store = { id: 's', type: 'linhaviva-telemetry-store', name: 'store' }
const reading = (device: string, volts: number): Item => ({
  ...{ node: 's', verb: 'stored', group: 'meter', device, key: '2026-03-10T15:00:00.000Z' },
  value: { deviceId: device, values: { va_v: volts }, labels: { aggregation: 'mean' } },
})
const outcome = (items: Item[], more: Partial<Outcome> = {}): Outcome => ({
  ...{ played: 2, unheard: 0, nodes: [store], items, faults: [], unsettled: [], notes: [], tookMs: 1_234 },
  ...more,
})
function resultOf(now: Outcome, before?: Outcome): Result {
  return {
    ...{
      tab: 'Telemetry',
      traffic: 'field.jsonl, 2 messages',
      playedFrom: 'as it is in x.json',
      played: now,
      notes: [],
    },
    counts: countsOf(before, now, ({ group }) => group),
    ...(before && { deployed: before, deployedFrom: 'flows', comparison: compare(before, now) }),
  }
}

describe('the report of a trial', () => {
  it('shows what came out, and that it went through', () => {
    const text = describeResult(resultOf(outcome([reading('m-1', 127)])), 3)
    assert.match(text, /telemetry-store "store"\n {2}stored +meter +1\n/)
    assert.match(text, /played in 1\.2 s/)
    assert.match(text, /It went through without errors\.\n$/)
  })

  it('shows the counts of both, and of what differs the fields', () => {
    const before = outcome([reading('m-1', 127), reading('m-2', 128)])
    const text = describeResult(resultOf(outcome([reading('m-1', 130)]), before), 3)
    assert.match(text, /stored +meter +2 +1 +−1/)
    assert.match(text, /1 stored meter changed: m-1\n +m-1 2026-03-10T15:00:00.000Z: values.va_v 127 → 130/)
    assert.match(text, /1 stored meter missing: m-2\n +m-2 2026-03-10T15:00:00.000Z: va_v 128, aggregation mean/)
    assert.match(text, /without errors; 2 differences to the deployed tab\.\n$/)
  })

  it('shows as many differences as it was told, and the groups that changed most', () => {
    const many = Array.from({ length: 30 }, (_, index) => ({ ...reading(`m-${index}`, 1), group: `topic/${index}` }))
    const text = describeResult(resultOf(outcome(many), outcome([])), 0)
    assert.match(text, /and 18 more +0 +18 +\+18/)
    assert.match(text, /in all +0 +30 +\+30/)
    assert.doesNotMatch(text, /va_v/)
  })

  it('fails for errors that nobody caught, batches left open, and an early end', () => {
    const caught = { node: store, message: 'a slip', caughtBy: 'catch "all"', count: 4 }
    const uncaught = { node: store, message: 'worse', count: 2 }
    const unsettled = [{ batchId: 1, topic: 'der', items: 3, from: 'telemetry in' }]
    assert.deepEqual(failuresOf({ played: outcome([], { faults: [caught] }) } as Result), [])
    const result = resultOf(outcome([], { faults: [caught, uncaught], unsettled, broken: 'it did not answer' }))
    assert.deepEqual(failuresOf(result), [
      'it did not answer',
      '2 errors that no Catch node took',
      '1 batch never settled',
    ])
    const text = describeResult(result, 3)
    assert.match(text, /Nothing came out of the tab/)
    assert.match(text, /a slip, 4 times, taken by catch "all"/)
    assert.match(text, /worse, 2 times, taken by no Catch node/)
    assert.match(text, /1 batch never settled: 3 items, der from telemetry in/)
    assert.match(text, /Ended early\n {2}the tab: it did not answer/)
  })

  it('names what is stood in for', () =>
    assert.deepEqual(describeStandIns([{ node: { id: 'a', type: 'smooth', name: '' }, module: 'contrib-smooth' }]), [
      'smooth (of contrib-smooth) is stood in for: what reaches 1 node is taken down, and nothing comes out',
    ]))

  it('is there for programs too', () => {
    const json = JSON.parse(asJson(resultOf(outcome([reading('m-1', 1)]), outcome([])))) as Record<string, unknown>
    assert.deepEqual(json['failures'], [])
    assert.equal((json['played'] as { cameOut: number }).cameOut, 1)
    assert.equal((json['comparison'] as { same: boolean }).same, false)
  })
})
