import assert from 'node:assert/strict'
import { fileOf } from './row.fixture.ts'
import { readUnits } from './unit-file.ts'

const header = 'unit_id,conjunto_id,voltage_class,area,vrc_brl,dic_h,fic,dmic_h,dicri_h,dise_h,time_zone'
const read = (...rows: string[]) => readUnits(fileOf(header, ...rows))

describe('a file of units', () => {
  it('says what is known of each', async () => {
    const { units, zones } = await read('U1,C1,BT,urban,60.5,8,5,6,,24,America/Manaus', 'U2,C1,AT,,,,,,,,')
    assert.deepEqual(
      [...units.values()],
      [
        {
          ...{ index: 0, unitId: 'U1', conjuntoId: 'C1', voltageClass: 'BT', area: 'urban', vrcBrl: 60.5 },
          own: { dicH: 8, fic: 5, dmicH: 6, dicriH: null, diseH: 24, source: 'the file of units' },
          periods: {},
        },
        {
          index: 1,
          unitId: 'U2',
          conjuntoId: 'C1',
          voltageClass: 'AT',
          area: null,
          vrcBrl: null,
          own: null,
          periods: {},
        },
      ],
    )
    assert.deepEqual([...zones], [['C1', 'America/Manaus']])
  })

  it('needs three columns only', async () => {
    const { units } = await readUnits(fileOf('voltage_class,unit_id,conjunto_id', 'MT,U1,C1'))
    assert.equal(units.get('U1')!.voltageClass, 'MT')
  })

  it('has limits of quarters and years where there were any', async () => {
    const { units } = await readUnits(
      fileOf(
        'unit_id,conjunto_id,voltage_class,dic_quarter_h,fic_quarter,dic_year_h,fic_year',
        'U1,C1,BT,16,10,32,20',
        'U2,C1,BT,,,,',
      ),
    )
    const limits = { quarter: { dicH: 16, fic: 10 }, year: { dicH: 32, fic: 20 } }
    assert.deepEqual(
      [...units.values()].map(({ periods }) => periods),
      [limits, {}],
    )
    const half = fileOf('unit_id,conjunto_id,voltage_class,dic_year_h,fic_year', 'U1,C1,BT,,20')
    await assert.rejects(readUnits(half), { message: 'line 2: dic_year_h "" is empty where another limit is given' })
  })

  for (const [rows, message] of [
    [['U1,C1,BT,,,,,,,,', 'U1,C1,BT,,,,,,,,'], 'line 3: unit_id "U1" stands in a line before: each unit once'],
    [[',C1,BT,,,,,,,,'], 'line 2: unit_id "" is empty'],
    [['U1,,BT,,,,,,,,'], 'line 2: conjunto_id "" is empty'],
    [['U1,C1,,,,,,,,,'], 'line 2: voltage_class "" is not BT or MT or AT'],
    [['U1,C1,B1,,,,,,,,'], 'line 2: voltage_class "B1" is not BT or MT or AT'],
    [['U1,C1,BT,rural,,,,,,,'], 'line 2: area "rural" is not urban or non_urban'],
    [['U1,C1,BT,,"60,5",,,,,,'], 'line 2: vrc_brl "60,5" is not a number from 0 on'],
    [['U1,C1,BT,,,8,,6,,,'], 'line 2: fic "" is empty where another limit is given'],
    [['U1,C1,BT,,,0,5,6,,,'], 'line 2: dic_h "0" is not a number above 0'],
    [['U1,C1,BT,,,,,,8,,'], 'line 2: dicri_h "8" needs dic_h, fic and dmic_h beside it'],
    [['U1,C1,BT,,,,,,,,Manaus'], 'line 2: time_zone "Manaus" is no IANA zone such as America/Manaus'],
    [
      ['U1,C1,BT,,,,,,,,UTC', 'U2,C1,BT,,,,,,,,America/Manaus'],
      'line 3: time_zone "America/Manaus" is not that of conjunto C1 in line 2: "UTC"',
    ],
  ] as const)
    it(message, () => assert.rejects(read(...rows), { name: 'FileError', message }))
})
