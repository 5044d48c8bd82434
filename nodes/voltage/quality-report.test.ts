import assert from 'node:assert/strict'
import { compensationOf } from './domain/compensation.ts'
import { indicatorsOf } from './domain/indicators.ts'
import { qualityReport } from './quality-report.ts'
import type { RecordedMeasurement } from './recorded-measurements.ts'

const day = '2026-11-21'

function measurement(nlp: number, nlc: number, eusdBrl?: number, valid = 1_008): RecordedMeasurement {
  const counts = { precarious: [nlp, 0, null], critical: [0, nlc, null] } as const
  const indicators = indicatorsOf(counts, day)
  const facts = { drpPct: indicators.drpPct, drcPct: indicators.drcPct, voltageClass: 'BT', day } as const
  const start = Date.UTC(2026, 10, 1)
  return {
    ...{ ...counts, start, end: start + 7 * 86_400_000, valid, invalid: 3, complete: valid === 1_008, indicators },
    compensation: eusdBrl === undefined ? null : compensationOf({ ...facts, eusdBrl }),
  }
}

describe('the table of measurements', () => {
  it('shows what violates, and how each amount was calculated', () => {
    assert.equal(
      qualityReport([measurement(81, 151, 1_000), measurement(30, 5, 1_000)], 'en'),
      [
        'start (UTC)       end (UTC)         valid  invalid  nlp  nlc  DRP %   DRC %       R$',
        '2026-11-01 00:00  2026-11-08 00:00   1008        3   81  151  8.03*  14.98*  1164.68',
        '2026-11-01 00:00  2026-11-08 00:00   1008        3   30    5  2.97    0.49      0.00',
        '',
        '* above its limit',
        '',
        'R$ = [(DRP − DRPlimit)/100 · k1 + (DRC − DRClimit)/100 · k2] · EUSD',
        '2026-11-01 00:00  R$ 1164.68 = [(8.035714 − 3)/100 · 3 + (14.980159 − 0.5)/100 · 7] · 1000',
        'Rule: PRODIST Módulo 8 v14, Seção 8.1, items 28 and 29 (k2 of AT: one source), applied here since 2000-01-01',
        '',
      ].join('\n'),
    )
  })

  it('speaks Portuguese, with its decimal comma', () => {
    const text = qualityReport([measurement(81, 151, 100)], 'pt')
    assert.match(text, /^início \(UTC\) .* expurgadas .* 8,03\* +14,98\* +116,46\n\n\* acima do limite\n/s)
    assert.match(text, /R\$ 116,46 = \[\(8,035714 − 3\)\/100 · 3/)
    assert.match(text, /^Regra: PRODIST Módulo 8 v14, Seção 8\.1, itens 28 e 29, aplicada aqui desde /m)
  })

  it('says that the last measurement is incomplete, and has no amounts without a charge', () => {
    const text = qualityReport([measurement(1, 0, undefined, 40)], 'en')
    assert.match(
      text,
      /0\.09 +0\.00\n\nThe last one is incomplete: it has 40 valid windows so far\. .* its R\$ is not due yet\.\n$/,
    )
    assert.doesNotMatch(text, /R\$ \d|above/)
  })

  it('says that there is nothing', () => {
    assert.equal(qualityReport([], 'en'), 'The file has no windows.\n')
    assert.equal(qualityReport([], 'pt'), 'O arquivo não tem leituras.\n')
  })
})
