import assert from 'node:assert/strict'
import { readLimitRows, readLimits } from './limit-file.ts'
import { fileOf } from './row.fixture.ts'

describe('a file of yearly limits', () => {
  const read = (...rows: string[]) => readLimits(fileOf('conjunto_id,year,dec,fec,units', ...rows), 2026)

  it('gives those of the year, in hundredths', async () => {
    assert.deepEqual(
      [...(await read('C1,2026,12.34,8,', 'C1,2025,1,1,', 'C2,2026,0.29,0.57,100'))],
      [
        ['C1', { decHundredths: 1_234, fecHundredths: 800, units: null }],
        ['C2', { decHundredths: 29, fecHundredths: 57, units: 100 }],
      ],
    )
  })

  for (const [rows, message] of [
    [['C1,2026,1,1,', 'C1,2026,1,1,'], /^line 3: conjunto_id "C1" stands in a line before for 2026/],
    [['C1,26,1,1,'], 'line 2: year "26" is not a year from 2000 to 2100'],
    [['C1,2026,,1,'], 'line 2: dec "" is empty'],
    [['C1,2026,1,x,'], 'line 2: fec "x" is not a number from 0 on'],
    [['C1,2026,1,1,0'], 'line 2: units "0" is not a whole number above 0'],
  ] as const)
    it(String(message), () => assert.rejects(read(...rows), { name: 'FileError', message }))
})

describe('a file of rows of Anexo 8.B', () => {
  const header = 'voltage_class,area,up_to,from_month,dic_h,fic,dmic_h,dicri_h,dise_h,source'
  const read = (...rows: string[]) => readLimitRows(fileOf(header, ...rows))

  it('gives them as the distributor would enter them', async () => {
    assert.deepEqual(await read('BT,urban,10,2022-01,8,5,6,8,24,Table 4', 'AT,,,,2,2,2,,,'), [
      {
        ...{ voltageClass: 'BT', area: 'urban', upToHundredths: 1_000, fromMonth: '2022-01' },
        ...{ dicH: 8, fic: 5, dmicH: 6, dicriH: 8, diseH: 24, source: 'Table 4' },
      },
      {
        ...{ voltageClass: 'AT', area: null, upToHundredths: null, fromMonth: '2000-01' },
        ...{ dicH: 2, fic: 2, dmicH: 2, dicriH: null, diseH: null, source: 'the file of rows' },
      },
    ])
  })

  for (const [rows, message] of [
    [['BT,,10,,8,5,6,,,', 'BT,,10.00,,8,5,6,,,'], /^line 3: up_to "10\.00" stands in a line before/],
    [[',,10,,8,5,6,,,'], 'line 2: voltage_class "" is not BT or MT or AT'],
    [['BT,,10,2022-13,8,5,6,,,'], 'line 2: from_month "2022-13" is no month YYYY-MM'],
    [['BT,,10,,,5,6,,,'], 'line 2: dic_h "" is empty'],
  ] as const)
    it(String(message), () => assert.rejects(read(...rows), { name: 'FileError', message }))
})
