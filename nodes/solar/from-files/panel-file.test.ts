import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { panelRows, type FileColumns, type PanelRow } from './panel-file.ts'

const usual: FileColumns = { columns: new Map(), labels: undefined, utcOffsetMinutes: null }
async function read(text: string, asked: Partial<FileColumns> = {}): Promise<PanelRow[]> {
  const rows: PanelRow[] = []
  for await (const row of panelRows(Readable.from([text]), { ...usual, ...asked })) rows.push(row)
  return rows
}

describe('a file of readings of panels', () => {
  it('has rows with the measures that there are, others passed over', async () => {
    const rows = await read(
      'timestamp,site,power_output_watts,panel_id\n2026-01-01T12:00:00Z,x,310.5,p-1\n1767268805000,x,,p-2\n',
    )
    assert.deepEqual(rows, [
      { line: 2, at: Date.UTC(2026, 0, 1, 12), panelId: 'p-1', measures: [null, null, null, 310.5, null], label: '' },
      {
        line: 3,
        at: Date.UTC(2026, 0, 1, 12, 0, 5),
        panelId: 'p-2',
        measures: [null, null, null, null, null],
        label: '',
      },
    ])
  })

  it('may name its columns otherwise, have labels, and mean one panel', async () => {
    const columns = new Map([
      ['timestamp', 'DATE_TIME'],
      ['power_output_watts', 'DC'],
    ] as const)
    const [row] = await read('DATE_TIME,DC,fault\n2026-01-01 09:00:00,1e2,Soiling\n', {
      ...{ columns, labels: 'fault', utcOffsetMinutes: -180 },
    })
    assert.deepEqual(row, {
      ...{ line: 2, at: Date.UTC(2026, 0, 1, 12), panelId: 'panel', measures: [null, null, null, 100, null] },
      label: 'Soiling',
    })
  })

  it('has missing values that other programs write', async () => {
    const rows = await read('timestamp,voltage_volts\n1,NaN\n2,null\n3,NA\n4,\n')
    assert.ok(rows.every(({ measures }) => measures.every((value) => value === null)))
  })

  for (const [what, text, asked, problem] of [
    ['nothing', '', {}, /^is empty: its first line names the columns$/],
    [
      'no timestamp',
      'time,voltage_volts\n',
      {},
      /line 1: the header "time,voltage_volts" lacks the column timestamp: --map/,
    ],
    ['no measure', 'timestamp,volts\n', {}, /lacks a measure: one of temperature_celsius/],
    ['a column twice', 'timestamp,voltage_volts,voltage_volts\n', {}, /has the column voltage_volts twice/],
    ['semicolons', 'timestamp;voltage_volts\n', {}, /has semicolons/],
    ['no labels', 'timestamp,voltage_volts\n', { labels: 'y' }, /lacks the column y, which --labels names/],
    [
      'no mapped column',
      'timestamp,voltage_volts\n',
      { columns: new Map([['panel_id', 'id'] as const]) },
      /lacks the column id, which --map gives panel_id/,
    ],
    ['too few cells', 'timestamp,voltage_volts\n1\n', {}, /line 2 has 1 cells where the header has 2/],
    ['no number', 'timestamp,voltage_volts\n1,a\n', {}, /line 2: voltage_volts "a" is not a number/],
    ['a number beyond all', 'timestamp,voltage_volts\n1,1e10\n', {}, /line 2: voltage_volts "1e10" is beyond/],
    ['no time', 'timestamp,voltage_volts\nnoon,1\n', {}, /line 2: timestamp "noon" is neither ISO 8601/],
    [
      'a local time',
      'timestamp,voltage_volts\n2026-01-01T00:00:00,1\n',
      {},
      /line 2: timestamp .* has no offset from UTC: --utc-offset/,
    ],
    ['no panel', 'timestamp,panel_id,voltage_volts\n1,,1\n', {}, /line 2: panel_id "" is empty/],
    ['rows of the past', 'timestamp,voltage_volts\n2,1\n1,1\n', {}, /line 3: timestamp "1" is before that of line 2/],
  ] as const)
    it(`with ${what} is refused`, () =>
      assert.rejects(read(text, asked), (error: Error) => error.name === 'FileError' && problem.test(error.message)))
})
