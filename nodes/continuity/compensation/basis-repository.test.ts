import assert from 'node:assert/strict'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { compensationBases } from './basis-repository.ts'

describe('what compensation goes by', function () {
  this.timeout(60_000)
  const store = useDatabase()

  before(async () => {
    await store.database.query(`insert into conjunto (conjunto_id, name) values ('C1', 'Centro'), ('C2', 'Serra')`)
    await store.database.query(`
      insert into consumer_unit (unit_id, nominal_voltage_v, contracted_voltage_v, conjunto_id, area) values
        ('mt-1', 13800, null, 'C1', 'urban'), ('mt-2', 13800, null, 'C1', 'non_urban'), ('bt-1', 220, null, 'C1', 'urban'),
        ('bt-2', 220, null, 'C2', 'urban'), ('at-1', 66000, 69000, 'C1', null), ('lone', 220, null, null, null)`)
    await store.database.query(`insert into conjunto_limit values ('C1', 2026, 600, 400), ('C1', 2025, 400, 400)`)
    await store.database.query(`
      insert into individual_limit_row (voltage_class, area, up_to_hundredths, from_month, dic_h, fic, dmic_h, dicri_h, dise_h, source)
      values ('BT', 'urban', 1000, '2022-01-01', 5, 4, 3, 8, 24, 'Table 4'), ('BT', 'urban', null, '2022-01-01', 9, 8, 7, 8, 24, 'Table 4'),
        ('BT', 'urban', null, '2026-04-01', 1, 1, 1, 8, 24, 'later')`)
    await store.database.query(`
      insert into unit_continuity_limit (unit_id, from_month, dic_h, fic, dmic_h, dicri_h, dise_h, source) values
        ('at-1', '2025-01-01', 3, 3, 3, null, null, 'old contract'), ('at-1', '2026-01-01', 2, 2, 2, null, null, 'contract'),
        ('at-1', '2026-04-01', 1, 1, 1, null, null, 'next contract')`)
    await store.database.query(`
      insert into unit_monetary_base values ('mt-1', '2026-03-01', 1000, 'bill'), ('bt-1', '2026-02-01', 60, 'bill'),
        ('bt-1', '2026-04-01', 70, 'bill'), ('at-1', '2026-03-01', 50000.5, 'bill')`)
  })

  it('is found for many units at once, or what is missing', async () => {
    const bases = await compensationBases(store.database, '2026-03')
    assert.deepEqual(
      Object.fromEntries(
        [...bases].map(([unitId, { limits, vrcBrl, pending }]) => [
          unitId,
          [limits?.dicH, limits?.fic, vrcBrl, pending],
        ]),
      ),
      {
        'mt-1': [5, 3, 1_000, null],
        'mt-2': [
          ...[undefined, undefined, null],
          'no row of Anexo 8.B is known for MT non_urban with a yearly limit of DEC of 6.00 in 2026-03: enter it',
        ],
        'bt-1': [5, 4, null, 'the monetary base of bt-1 for 2026-03 is not known'],
        'bt-2': [...[undefined, undefined, null], 'the limits of DEC and FEC of conjunto C2 for 2026 are not known'],
        'at-1': [2, 2, 50_000.5, null],
        lone: [...[undefined, undefined, null], 'the unit is of no conjunto'],
      },
    )
    assert.deepEqual(bases.get('at-1'), {
      ...{ unitId: 'at-1', conjuntoId: 'C1', area: null, vrcBrl: 50_000.5, voltageClass: 'AT', pending: null },
      limits: { dicH: 2, fic: 2, dmicH: 2, dicriH: null, diseH: null, source: 'contract' },
    })
  })

  it('goes by the year of the month', async () => {
    const bases = await compensationBases(store.database, '2025-12', { unitIds: ['mt-1', 'at-1'] })
    assert.deepEqual([bases.get('mt-1')!.limits!.dicH, bases.get('at-1')!.limits!.dicH], [3, 3])
    assert.equal(bases.get('mt-1')!.limits!.diseH, null)
  })

  it('is of the units and conjuntos that are asked for', async () => {
    const of = async (scope: Parameters<typeof compensationBases>[2]) =>
      [...(await compensationBases(store.database, '2026-03', scope)).keys()].sort()
    assert.deepEqual(await of({ unitIds: ['bt-1', 'lone', 'nobody'] }), ['bt-1', 'lone'])
    assert.deepEqual(await of({ conjuntoIds: ['C2'] }), ['bt-2'])
    assert.deepEqual(await of({ conjuntoIds: ['C2'], unitIds: ['bt-1'] }), [])
  })

  it('takes the newest monetary base before, where that of the month is not known yet', async () => {
    const [newest, later] = await Promise.all(
      ['2026-03', '2026-05'].map((month) => compensationBases(store.database, month, { unitIds: ['bt-1'] }, 'newest')),
    )
    assert.deepEqual([newest!.get('bt-1')!.vrcBrl, newest!.get('bt-1')!.pending], [60, null])
    assert.deepEqual([later!.get('bt-1')!.vrcBrl, later!.get('bt-1')!.limits!.dicH], [70, 1])
  })
})
