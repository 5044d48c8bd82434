import assert from 'node:assert/strict'
import { Faults, ImportError } from '../../../platform/network/import/faults.ts'
import { keyColumnsOf, readRecords, readSheetRows } from './read-rows.ts'
import { registerNamed } from './registers.ts'

const occurrences = registerNamed('emergency-occurrences')!
const limits = registerNamed('limit-rows')!

const messages = (work: (faults: Faults) => unknown): string[] => {
  const faults = new Faults()
  work(faults)
  try {
    faults.check()
    return []
  } catch (error) {
    assert.ok(error instanceof ImportError)
    return error.message.split('\n')
  }
}
const file = (text: string) => ({ name: 'file.csv', bytes: Buffer.from(text) })

describe('rows of a file', () => {
  it('are read by their columns, in any order, and what an export adds is passed over', () => {
    const faults = new Faults()
    const lines = readSheetRows(
      registerNamed('conjunto-units')!,
      file('entered_at;units;month;entered_by;conjunto_id\n2026-01-01T00:00:00Z;18204;2026-03;ana;12345\n'),
      faults,
    )
    faults.check()
    assert.deepEqual(lines, [{ line: 2, row: { conjunto_id: '12345', month: '2026-03', units: 18_204 } }])
  })

  it('of occurrences follow their order', () => {
    const rows = [
      'occurrence_id,conjunto_id,opened_at,arrived_at,closed_at,with_interruption',
      'OC-1,12345,2026-03-10T14:00:00-03:00,2026-03-10T13:59:00-03:00,,yes',
      'OC-2,12345,2026-03-10T14:00:00-03:00,,2026-03-10T14:00:00-03:00,no',
    ]
    assert.deepEqual(
      messages((faults) => readSheetRows(occurrences, file(rows.join('\n')), faults)),
      ['file.csv line 2: arrived_at is before opened_at'],
    )
  })

  it('of one key are one, empty cells of it too', () => {
    const head = 'voltage_class,area,up_to,from_month,dic_h,fic,dmic_h,dicri_h,dise_h,source'
    const row = 'AT,,,2022-01,2,2,1,,,Anexo 8.B'
    assert.deepEqual(
      messages((faults) => readSheetRows(limits, file([head, row, row.toLowerCase()].join('\n')), faults)),
      ['file.csv line 3: voltage_class AT, area empty, up_to empty, from_month 2022-01 is on line 2 already'],
    )
  })

  for (const [text, fault] of [
    ['', /is empty: its first line names the columns/],
    ['conjunto_id,month\n', /line 1: 1 column missing: units/],
    ['conjunto_id,month,units,crew\n', /unknown column "crew": the columns are conjunto_id, month, units/],
    ['conjunto_id,month,units,month\n', /column month is there twice/],
    ['conjunto_id,month,units\n12345,,3\n', /line 2: month is empty/],
    ['conjunto_id,month,units\n12345,2026-03\n', /line 2: has 2 cells where the header has 3/],
    ['conjunto_id,month,units\n12345,2026-03,"3\n', /a quotation mark that opens here/],
  ] as const)
    it(`are refused: ${JSON.stringify(text)}`, () =>
      assert.match(
        messages((faults) => readSheetRows(registerNamed('conjunto-units')!, file(text), faults)).join('\n'),
        fault,
      ))
})

describe('records', () => {
  it('have the fields of the API or the columns of files, and texts, numbers, truths and days', () => {
    const faults = new Faults()
    const lines = readRecords(
      occurrences,
      'records',
      [
        { occurrenceId: 'OC-1', conjunto_id: 12_345, openedAt: new Date(1_773_162_000_000), withInterruption: true },
        {
          ...{ occurrence_id: ' OC-2 ', conjuntoId: '12345', opened_at: 1_773_162_000_000, with_interruption: 'não' },
          ...{ dispatchedAt: null, closedAt: undefined, enteredBy: 'ana', entered_at: '2026-01-01T00:00:00Z' },
        },
      ],
      faults,
    )
    faults.check()
    const rest = { dispatched_at: null, arrived_at: null, closed_at: null, interruption_id: null }
    const base = { conjunto_id: '12345', opened_at: 1_773_162_000_000, ...rest }
    assert.deepEqual(lines, [
      { line: 1, row: { ...base, occurrence_id: 'OC-1', with_interruption: true } },
      { line: 2, row: { ...base, occurrence_id: 'OC-2', with_interruption: false } },
    ])
  })

  it('that are none, or hold what has no place, are told by their number', () => {
    const found = messages((faults) =>
      readRecords(
        keyColumnsOf(occurrences),
        'records',
        [7, null, ['OC-1'], { occurrenceId: { id: 1 } }, { occurrenceId: 'OC-1', crew: 3 }, { occurrenceId: 'OC-1' }],
        faults,
      ),
    )
    assert.deepEqual(found, [
      'records line 1: is "7", not an object',
      'records line 2: is "null", not an object',
      'records line 3: is "[\\"OC-1\\"]", not an object',
      'records line 4: occurrence_id is "{\\"id\\":1}", not an identifier: letters, digits and _ . : - (64 at most), a letter or digit first',
      'records line 5: has the unknown field "crew": occurrence_id, occurrenceId',
      'records line 6: occurrence_id OC-1 is on line 5 already',
    ])
  })
})
