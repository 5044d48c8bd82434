import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { readRecordedVoltage, type RecordedRow } from './recorded-voltage.ts'
import { FileError } from '../../platform/runtime/csv-file.ts'

const tenMinutes = 600_000

async function read(text: string | Uint8Array, intervalMs = tenMinutes) {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  const { phases, rows } = await readRecordedVoltage(Readable.from([bytes]), intervalMs)
  const all: RecordedRow[] = []
  for await (const row of rows) all.push(row)
  return { phases, rows: all }
}

const told = ({ line, start, volts }: RecordedRow): string =>
  `${line}: ${new Date(start).toISOString().slice(11, 19)} ${volts.map(String).join(' ')}`

const at = '2008-01-01T00'

describe('a recorded voltage', () => {
  it('is one voltage, or the phases that have a column, wherever they stand', async () => {
    const one = await read(`timestamp,voltage_v,current_a\n${at}:00:00Z,241.1,6.5\n${at}:10:00Z,240.2,\n`)
    assert.deepEqual(
      [one.phases, one.rows.map(told)],
      [['A'], ['2: 00:00:00 241.1 null null', '3: 00:10:00 240.2 null null']],
    )
    const two = await read(`x,vc_v,timestamp,va_v\n1,3,${at}:00:00Z,1\n`)
    assert.deepEqual([two.phases, two.rows.map(told)], [['A', 'C'], ['2: 00:00:00 1 null 3']])
    assert.deepEqual((await read(`timestamp,va_v,vb_v,vc_v\n`)).phases, ['A', 'B', 'C'])
  })

  it('may miss values, and rows', async () => {
    const { rows } = await read(`timestamp,va_v,vb_v\n${at}:00:00Z,,2\n${at}:40:00Z,1, \n`)
    assert.deepEqual(rows.map(told), ['2: 00:00:00 null 2 null', '3: 00:40:00 1 null null'])
  })

  it('has its instants with an offset, or in epoch milliseconds', async () => {
    const begin = Date.UTC(2008, 0, 1)
    const { rows } = await read(`timestamp,voltage_v\n2007-12-31T21:00:00-03:00,1\n${begin + tenMinutes},2\n`)
    assert.deepEqual(
      rows.map(({ start }) => start - begin),
      [0, tenMinutes],
    )
  })

  it('is read with every line end, with a byte order mark, with quotation marks and with empty lines', async () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const lines = [`"timestamp", "voltage_v" ,note`, `${at}:00:00Z,"230.5","a, b"`, '', `${at}:10:00Z,0,`]
      const { rows } = await read(`\uFEFF${lines.join(end)}`)
      assert.deepEqual(rows.map(told), ['2: 00:00:00 230.5 null null', '4: 00:10:00 0 null null'])
    }
  })

  it('keeps its line numbers over a cell of several lines', async () => {
    const text = `timestamp,voltage_v,note\n${at}:00:00Z,1,"a\nb"\n${at}:10:00Z,x,c\n`
    await assert.rejects(read(text), { message: /^line 4: voltage_v "x"/ })
  })

  for (const [what, rows, message] of [
    [
      'an instant without offset',
      `${at}:00:00,1`,
      /^line 2: timestamp "2008-01-01T00:00:00" is neither ISO 8601 with an offset/,
    ],
    ['31 February', `2008-02-31T00:00:00Z,1`, /^line 2: timestamp "2008-02-31T00:00:00Z" is neither/],
    ['no instant', `,1`, /^line 2: timestamp "" is neither/],
    ['an instant beyond the calendar', `99999999999999999,1`, /^line 2: timestamp "9+" is neither/],
    [
      'an instant within an interval',
      `${at}:05:00Z,1`,
      'line 2: timestamp "2008-01-01T00:05:00Z" does not begin an interval of 600 s (see --interval)',
    ],
    [
      'an instant twice',
      `${at}:00:00Z,1\n${at}:10:00Z,1\n2007-12-31T21:10:00-03:00,1`,
      'line 4: timestamp "2007-12-31T21:10:00-03:00" repeats that of line 3',
    ],
    [
      'an instant that goes back',
      `${at}:10:00Z,1\n\n${at}:00:00Z,1`,
      'line 4: timestamp "2008-01-01T00:00:00Z" is before that of line 2',
    ],
    ['what is no number', `${at}:00:00Z,n/a`, 'line 2: voltage_v "n/a" is not a number such as 230.1'],
    ['a decimal comma', `${at}:00:00Z,"230,1"`, 'line 2: voltage_v "230,1" is not a number such as 230.1'],
    ['NaN', `${at}:00:00Z,NaN`, /is not a number/],
    ['a hexadecimal number', `${at}:00:00Z,0xE6`, /is not a number/],
    ['infinity', `${at}:00:00Z,1e999`, /^line 2: voltage_v "1e999" is more than 2000000 V$/],
    ['a negative voltage', `${at}:00:00Z,-0.1`, 'line 2: voltage_v "-0.1" is negative'],
    ['a cell too few', `${at}:00:00Z`, 'line 2 has 1 cells where the header has 2'],
    ['a cell too many', `${at}:00:00Z,230,1`, 'line 2 has 3 cells where the header has 2'],
    [
      'a quotation mark that is never closed',
      `${at}:00:00Z,1\n"${at}:10:00Z,1`,
      /^line 3 is not CSV: Quote Not Closed/,
    ],
    [
      'an instant after the year 9999',
      `253402300800000,1`,
      'line 2: timestamp "253402300800000" is after the year 9999',
    ],
    ['a value of many lines', `${at}:00:00Z,"1\n2"`, 'line 3: voltage_v "1�2" is not a number such as 230.1'],
    [
      'a value too long to show',
      `${at}:00:00Z,${'1'.repeat(60_000)}`,
      `line 2: voltage_v "${'1'.repeat(80)}…" is more than 2000000 V`,
    ],
    [
      'a bad quotation mark after much else',
      `${at}:00:00Z,${'x'.repeat(60_000)}"`,
      /^line 2 is not CSV: Invalid Opening Quote.{1,100}$/,
    ],
    ['a line without end', `${at}:00:00Z,${'1'.repeat(70_000)}`, 'line 2 is longer than 65536 bytes'],
  ] as const)
    it(`has not ${what}`, () =>
      assert.rejects(read(`timestamp,voltage_v\n${rows}\n`), (error) => {
        assert.ok(error instanceof FileError)
        if (typeof message === 'string') assert.equal(error.message, message)
        else assert.match(error.message, message)
        return true
      }))

  for (const [header, message] of [
    ['', 'is empty: its first line names the columns'],
    ['time,voltage_v', 'line 1: the header "time,voltage_v" lacks the column timestamp'],
    ['timestamp,volts', 'line 1: the header "timestamp,volts" lacks a voltage: voltage_v, or some of va_v, vb_v, vc_v'],
    [
      'timestamp;voltage_v',
      'line 1: the header "timestamp;voltage_v" has semicolons: separate columns by commas, and write decimals with a point',
    ],
    [
      'timestamp,voltage_v,va_v',
      'line 1: the header "timestamp,voltage_v,va_v" has voltage_v and columns of phases: it takes one or the others',
    ],
    ['timestamp,va_v,va_v', 'line 1: the header "timestamp,va_v,va_v" has the column va_v twice'],
    ['timestamp,voltage_v,timestamp', /has the column timestamp twice$/],
  ] as const)
    it(`has not the header "${header}"`, () => assert.rejects(read(`${header}\n`), { name: 'FileError', message }))

  it('has finer rows, each at the beginning of its interval', async () => {
    const text = `timestamp,voltage_v\n${at}:00:00Z,1\n${at}:00:01Z,2\n`
    assert.equal((await read(text, 1_000)).rows.length, 2)
    await assert.rejects(read(text, 60_000), { message: /^line 3: .* does not begin an interval of 60 s/ })
  })

  it('is let go of where it is refused, however much of it is to come', async () => {
    for (const begin of ['a,b\n', `timestamp,voltage_v\n${at}:00:00Z,x\n`]) {
      const endless = new Readable({
        read() {
          this.push(begin)
        },
      })
      await assert.rejects(async () => {
        for await (const _ of (await readRecordedVoltage(endless, tenMinutes)).rows);
      }, FileError)
      assert.ok(endless.destroyed)
    }
  })

  it('that cannot be read says why', async () => {
    const broken = new Readable({
      read() {
        this.destroy(new Error('EIO: read failed'))
      },
    })
    await assert.rejects(readRecordedVoltage(broken, tenMinutes), {
      name: 'FileError',
      message: 'cannot be read: EIO: read failed',
    })
  })
})
