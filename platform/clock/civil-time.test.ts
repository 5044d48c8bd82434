import assert from 'node:assert/strict'
import fc from 'fast-check'
import { civilTimesIn } from './civil-time.ts'

describe('civil times', () => {
  const saoPaulo = civilTimesIn('America/Sao_Paulo')

  it('are what the clocks of the zone show', () => {
    const instant = Date.parse('2026-03-01T02:59:59.999Z')
    assert.equal(saoPaulo.textOf(instant), '2026-02-28 23:59:59')
    assert.equal(civilTimesIn('America/Manaus').textOf(instant), '2026-02-28 22:59:59')
    assert.equal(saoPaulo.instantOf('2026-02-28 23:59:59'), instant - 999)
  })

  it('know summer time: an hour that comes twice is its first, one that is left out is none', () => {
    assert.equal(saoPaulo.instantOf('2018-02-17 23:30:00'), Date.parse('2018-02-18T01:30:00Z'))
    assert.equal(saoPaulo.instantOf('2018-11-04 00:30:00'), undefined)
    assert.equal(saoPaulo.instantOf('2018-11-04 01:00:00'), Date.parse('2018-11-04T03:00:00Z'))
  })

  for (const text of ['2026-02-30 00:00:00', '2026-02-01', '2026-02-01 25:00:00', 'x'])
    it(`are not ${text}`, () => assert.equal(saoPaulo.instantOf(text), undefined))

  it('come back as they were (property)', () =>
    fc.assert(
      fc.property(
        fc.constantFrom('America/Sao_Paulo', 'America/Cuiaba', 'America/Manaus', 'America/Noronha'),
        fc.integer({ min: Date.UTC(2000), max: Date.UTC(2060) }),
        (zone, instant) => {
          const times = civilTimesIn(zone)
          const text = times.textOf(instant)
          assert.equal(times.textOf(times.instantOf(text)!), text)
        },
      ),
    ))
})
