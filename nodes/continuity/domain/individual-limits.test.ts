import assert from 'node:assert/strict'
import fc from 'fast-check'
import { individualLimitsOf, type EnteredRow, type LimitFacts } from './individual-limits.ts'
import { areas } from './limit-tables.ts'

const limit = (dec: number, fec = dec) => ({
  decHundredths: Math.round(dec * 100),
  fecHundredths: Math.round(fec * 100),
})
const facts = (of: Partial<LimitFacts> = {}): LimitFacts => ({
  ...{ month: '2026-03', voltageClass: 'MT', area: 'urban', conjuntoId: 'C1', conjuntoLimit: limit(5), own: null },
  ...of,
})
const row = (of: Partial<EnteredRow> = {}): EnteredRow => ({
  ...{ voltageClass: 'BT', area: 'urban', upToHundredths: null, fromMonth: '2022-01' },
  ...{ dicH: 8, fic: 5, dmicH: 6, dicriH: null, diseH: null, source: 'entered', ...of },
})
const hoursOf = (of: Partial<LimitFacts>, rows: readonly EnteredRow[] = []) => {
  const limits = individualLimitsOf(facts(of), rows)
  return 'missing' in limits ? limits.missing : [limits.dicH, limits.fic, limits.dmicH, limits.dicriH, limits.diseH]
}

describe('individual limits of Anexo 8.B', () => {
  for (const [dec, expected] of [
    [5, [3, 3, 3, 8, 24]],
    [5.01, [5, 4, 5, 8, 24]],
    [10, [5, 4, 5, 8, 24]],
    [15, [7, 5, 6, 8, 24]],
    [20, [9, 6, 7, 8, 24]],
    [25, [10, 6, 8, 8, 24]],
    [25.01, [12, 7, 8, 8, 24]],
  ] as const)
    it(`MT urban, yearly limits of ${dec}`, () => assert.deepEqual(hoursOf({ conjuntoLimit: limit(dec) }), expected))

  it('FIC goes by the limit of FEC, the others by that of DEC', () => {
    assert.deepEqual(hoursOf({ conjuntoLimit: limit(5, 26) }), [3, 7, 3, 8, 24])
    assert.deepEqual(hoursOf({ conjuntoLimit: limit(26, 5) }), [12, 3, 8, 8, 24])
  })

  it('MT outside of towns: the row above 40, and no guess below', () => {
    const outside = (dec: number) => hoursOf({ area: 'non_urban', conjuntoLimit: limit(dec) })
    assert.deepEqual(outside(40.01), [37, 11, 24, 24, 48])
    assert.equal(
      outside(40),
      'no row of Anexo 8.B is known for MT non_urban with a yearly limit of DEC of 40.00 in 2026-03: enter it',
    )
  })

  it('say where they come from, and how sure that is', () => {
    const limits = individualLimitsOf(facts(), [])
    assert.ok(!('missing' in limits))
    assert.match(limits.source, /Table 2 .*bounds of rows reconstructed/)
  })

  it('have no DISE before 2026, and are not known before 2022', () => {
    assert.deepEqual(hoursOf({ month: '2025-12' }), [3, 3, 3, 8, null])
    assert.match(String(hoursOf({ month: '2021-12' })), /^no row of Anexo 8\.B is known for MT urban/)
  })
})

describe('limits that are missing', () => {
  for (const [of, message] of [
    [{ voltageClass: null }, 'the voltage of the unit is not known'],
    [{ conjuntoId: null, conjuntoLimit: null }, 'the unit is of no conjunto'],
    [{ conjuntoLimit: null }, 'the limits of DEC and FEC of conjunto C1 for 2026 are not known'],
    [{ area: null }, 'whether the unit is urban or non_urban (its area) is not known'],
    [
      { voltageClass: 'BT' },
      'no row of Anexo 8.B is known for BT urban with a yearly limit of DEC of 5.00 in 2026-03: enter it',
    ],
    [
      { voltageClass: 'AT', area: null },
      'no row of Anexo 8.B is known for AT with a yearly limit of DEC of 5.00 in 2026-03: enter it',
    ],
  ] as const)
    it(message, () => assert.equal(hoursOf(of), message))
})

describe('limits that the distributor entered', () => {
  const rows = [row({ upToHundredths: 1_000 }), row({ upToHundredths: 500, dicH: 4 }), row({ dicH: 16 })]

  it('go by the least row that reaches to the yearly limit', () => {
    for (const [dec, dicH] of [
      [5, 4],
      [5.01, 8],
      [10, 8],
      [10.01, 16],
    ] as const)
      assert.deepEqual(hoursOf({ voltageClass: 'BT', conjuntoLimit: limit(dec) }, rows), [dicH, 5, 6, 8, 24])
  })

  it('go before the presets, as a whole', () => {
    const own = [row({ voltageClass: 'MT', upToHundredths: 500, dicH: 1 })]
    assert.deepEqual(hoursOf({}, own), [1, 5, 6, 8, 24])
    assert.match(String(hoursOf({ conjuntoLimit: limit(6) }, own)), /^no row of Anexo 8\.B is known/)
  })

  it('are replaced by those that begin later', () => {
    const later = [...rows, row({ fromMonth: '2026-04', dicH: 3 })]
    assert.deepEqual(hoursOf({ voltageClass: 'BT', month: '2026-03' }, later), [4, 5, 6, 8, 24])
    assert.deepEqual(hoursOf({ voltageClass: 'BT', month: '2026-04' }, later), [3, 5, 6, 8, 24])
  })

  it('of an area go before those of both', () => {
    const both = [row({ area: null, dicH: 20 }), row({ dicH: 10 })]
    assert.deepEqual(hoursOf({ voltageClass: 'BT' }, both), [10, 5, 6, 8, 24])
    const outside = [row({ area: null, dicH: 20, dicriH: 21 })]
    assert.deepEqual(hoursOf({ voltageClass: 'BT', area: 'non_urban' }, outside), [20, 5, 6, 21, 48])
  })

  it('must say DICRI outside of towns, where it is 21 or 24 h', () => {
    const outside = [row({ area: 'non_urban' })]
    assert.equal(
      hoursOf({ voltageClass: 'BT', area: 'non_urban' }, outside),
      'the limit of DICRI for BT non_urban in 2026-03 is not known: enter it in the row',
    )
    assert.deepEqual(
      hoursOf({ voltageClass: 'BT', area: 'non_urban', month: '2021-06' }, [
        row({ area: 'non_urban', fromMonth: '2020-01' }),
      ]),
      [8, 5, 6, 16.6, null],
    )
  })

  it('of AT have neither DICRI nor DISE since 2022', () => {
    const high = [row({ voltageClass: 'AT', area: null, dicriH: 10, diseH: 10 })]
    assert.deepEqual(hoursOf({ voltageClass: 'AT', area: null }, high), [8, 5, 6, null, null])
  })

  it("are the unit's own before all, without a conjunto", () => {
    const own = { dicH: 2, fic: 2, dmicH: 1, dicriH: null, diseH: 20, source: 'contract' }
    assert.deepEqual(hoursOf({ own, conjuntoId: null, conjuntoLimit: null }, rows), [2, 2, 1, 8, 20])
    const limits = individualLimitsOf(facts({ own }), [])
    assert.ok('source' in limits && /^contract; DICRI: PRODIST/.test(limits.source))
  })
})

describe('individual limits (property)', () => {
  it('never fall as the limits of the conjunto rise', () => {
    const hundredths = fc.integer({ min: 0, max: 6_000 })
    fc.assert(
      fc.property(fc.constantFrom(...areas), hundredths, hundredths, (area, one, more) => {
        const of = (sum: number) => hoursOf({ area, conjuntoLimit: limit(sum / 100) })
        const [lower, higher] = [of(one), of(one + more)]
        if (typeof lower === 'string' || typeof higher === 'string') return
        for (const [index, value] of lower.entries()) assert.ok(value! <= higher[index]!)
      }),
    )
  })
})
