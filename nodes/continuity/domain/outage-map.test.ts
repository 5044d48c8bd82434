import assert from 'node:assert/strict'
import fc from 'fast-check'
import { outageMap, type UnitsOut } from './outage-map.ts'

const out = (changes: Partial<UnitsOut> = {}): UnitsOut => ({
  ...{ municipalityCode: 3_550_308, conjuntoId: '1', conjuntoName: 'Centro', units: 10, since: 1_000 },
  ...{ programmed: false, origin: 'internal', cause: 'vento', restoredBy: null, ...changes },
})
const outArbitrary: fc.Arbitrary<UnitsOut> = fc
  .record({
    municipalityCode: fc.option(fc.constantFrom(3_550_308, 3_304_557)),
    conjuntoId: fc.option(fc.constantFrom('1', '2')),
    units: fc.integer({ min: 1, max: 20 }),
    since: fc.nat(),
    programmed: fc.boolean(),
    restoredBy: fc.option(fc.nat()),
  })
  .map(out)

describe('the outage map', () => {
  it('tells by municipality and conjunto: units, since when, causes, and when the last have supply again', () => {
    const { unitsOut, areas } = outageMap(
      [
        out({ since: 2_000, restoredBy: 9_000 }),
        out({ units: 30, programmed: true, cause: 'manutenção', restoredBy: 8_000 }),
        out({ municipalityCode: 3_304_557, units: 5 }),
      ],
      5,
    )
    assert.equal(unitsOut, 45)
    assert.deepEqual(areas[1], {
      ...{ municipalityCode: 3_550_308, conjuntoId: '1', conjuntoName: 'Centro', unitsOut: 40, since: 1_000 },
      causes: [
        { programmed: true, origin: 'internal', cause: 'manutenção' },
        { programmed: false, origin: 'internal', cause: 'vento' },
      ],
      restoredBy: 9_000,
    })
    assert.equal(areas[0]!.restoredBy, null, 'nobody said')
  })

  it('promises nothing where of some nobody said when', () =>
    assert.equal(outageMap([out({ restoredBy: 9_000 }), out()], 1).areas[0]!.restoredBy, null))

  it('says of fewer units than that nothing but where (property)', () =>
    fc.assert(
      fc.property(fc.array(outArbitrary), fc.integer({ min: 1, max: 30 }), (all, leastUnits) => {
        const { areas, unitsOut } = outageMap(all, leastUnits)
        for (const area of areas) {
          const { municipalityCode, conjuntoId } = area
          const units = all
            .filter((one) => one.municipalityCode === municipalityCode && one.conjuntoId === conjuntoId)
            .reduce((sum, one) => sum + one.units, 0)
          assert.equal(area.unitsOut, units < leastUnits ? null : units)
          if (units < leastUnits) assert.deepEqual([area.since, area.causes, area.restoredBy], [null, [], null])
        }
        assert.equal(
          unitsOut,
          areas.reduce((sum, area) => sum + (area.unitsOut ?? 0), 0),
          'what is held back does not follow from the total',
        )
        const places = new Set(all.map(({ municipalityCode, conjuntoId }) => `${municipalityCode} ${conjuntoId}`))
        assert.equal(areas.length, places.size)
      }),
    ))
})
