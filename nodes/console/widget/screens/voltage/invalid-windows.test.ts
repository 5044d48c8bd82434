import assert from 'node:assert/strict'
import { formatsOf } from '../../formats.ts'
import { evidenceText, invalidAmong } from './invalid-windows.ts'
import type { UnitWindow } from './voltage-answers.ts'
import { voltageWords } from './voltage-words.ts'

describe('windows that do not count', () => {
  it('stand the newest first', () => {
    const windows = [
      { start: 'a', valid: false },
      { start: 'b', valid: true },
      { start: 'c', valid: false },
    ] as UnitWindow[]
    assert.deepEqual(
      invalidAmong(windows).map(({ start }) => start),
      ['c', 'a'],
    )
  })

  it('say what shows it, in the words of whoever reads', () => {
    const evidence = { phase: 'B', timestamp: '2026-03-10T12:00:05Z', volts: 12.04, durationMs: 90_000 } as const
    assert.equal(
      evidenceText(evidence, voltageWords['pt-BR'], formatsOf('pt-BR', 'UTC')),
      'Fase B · 12,0 V · 12:00:05 · por 1 min',
    )
    assert.equal(
      evidenceText({ coverage: 0.5 }, voltageWords['en-US'], formatsOf('en-US')),
      '50% of the window covered',
    )
    assert.equal(evidenceText(null, voltageWords['en-US'], formatsOf('en-US')), '')
  })
})
