import assert from 'node:assert/strict'
import type { AnomalyKind } from '../domain/detectors/anomaly.ts'
import { sampleMs as slotMs } from '../domain/expected-power.ts'
import { LabelBook } from './label-score.ts'

/** A panel whose slots have these labels, one after the other; of a blank it has no row. */
function bookOf(labels: readonly (string | null)[], panelId = 'p', book = new LabelBook()): LabelBook {
  for (const [slot, label] of labels.entries())
    if (label !== null) book.take(slot * slotMs, [panelId], new Map(label === '' ? [] : [[panelId, label]]))
  return book
}
const call = (kind: AnomalyKind, from: number, until: number, panelId = 'p') => ({
  ...{ panelId, kind, since: from * slotMs, until: until * slotMs },
})

describe('the score of anomalies against labels', () => {
  it('counts slots, and runs of one label as events', () => {
    const book = bookOf(['', 'soiling', 'soiling', '', 'soiling', ''])
    const { judged, slots, events } = book.score([call('soiling', 2, 4)])
    assert.equal(judged, 6)
    assert.deepEqual(slots, { labelled: 3, called: 2, found: 1, precision: 1 / 2, recall: 1 / 3, f1: 0.4 })
    assert.deepEqual(events, { labelled: 2, called: 1, found: 1, precision: 1, recall: 1 / 2, f1: 2 / 3 })
  })

  it('by kind asks for the kind that the label names', () => {
    const { slots, byKind } = bookOf(['shading', 'shading', 'stuck_sensor', '']).score([
      call('shading', 0, 1),
      call('mismatch', 1, 2),
      call('stuck_value', 2, 3),
    ])
    assert.equal(slots.f1, 1)
    assert.deepEqual(
      byKind.map(({ label, kind, slots: { recall, precision } }) => [label, kind, recall, precision]),
      [
        ['shading', 'shading', 0.5, 1],
        ['stuck_sensor', 'stuck_value', 1, 1],
      ],
    )
  })

  it('of a label that names no kind asks for any', () => {
    const { byKind } = bookOf(['anomaly', '']).score([call('hot_spot', 0, 1)])
    assert.deepEqual([byKind[0]!.kind, byKind[0]!.slots.f1], [null, 1])
  })

  it('does not count slots without rows, nor other panels', () => {
    const book = bookOf(['', 'soiling', null, ''], 'p', bookOf(['', ''], 'q'))
    const { judged, slots } = book.score([call('soiling', 1, 3), call('soiling', 1, Infinity, 'r')])
    assert.deepEqual([judged, slots.called, slots.precision], [5, 1, 1])
  })

  it('is nothing of nothing, and 0 where all was missed', () => {
    assert.equal(bookOf(['', '']).score([]).slots.f1, null)
    assert.equal(bookOf(['soiling']).score([]).slots.f1, 0)
    assert.deepEqual(bookOf(['']).score([call('soiling', 0, 1)]).slots.precision, 0)
  })

  it('refuses labels that are no kinds', () => {
    const many = Array.from({ length: 201 }, (_, index) => `value ${index}`)
    assert.throws(() => bookOf(many), {
      name: 'FileError',
      message: /more than 200 different labels, such as "value 200"/,
    })
  })
})
