import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { civilDaysIn } from '../../platform/clock/civil-day.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { voltageChanges } from './change-log.ts'
import { VoltagePointWriter } from './point-writer.ts'
import { seedUnits, seedWeek, seedWindows } from './seeded-windows.fixture.ts'

const noon = Date.UTC(2026, 10, 21, 12)
const { signal } = new AbortController()

describe('points of what was written', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let requests: string[][] = []
  let writer: VoltagePointWriter

  before(async () => {
    await seedUnits(test.database, [
      { unitId: 'a', feederId: 'f-1' },
      { unitId: 'b', feederId: 'f-1' },
    ])
    const sink = {
      write: async (lines: string[]) => {
        requests.push(lines)
        return { written: lines.length, refused: 0 }
      },
    }
    const options = { maxSeries: 10, days: civilDaysIn('America/Sao_Paulo') }
    writer = new VoltagePointWriter(test.database, sink, options)
  })
  const write = async (from: number, most: number) => {
    requests = []
    const changes = await test.database.transaction((client) => voltageChanges.after(client, from, most))
    return writer.write(changes, signal)
  }

  it('are of these commits and no later ones, windows and weeks apart', async () => {
    await seedWindows(test.database, [{ unitId: 'a', at: noon, volts: 127 }])
    await seedWindows(test.database, [{ unitId: 'b', at: noon, volts: 126 }])
    await seedWeek(test.database, 'a', noon + 600_000, [0, 0, 0], [1, 0, 0], 1)
    assert.deepEqual(await write(0, 1), { written: 2, refused: 0 })
    assert.deepEqual(
      requests.map((lines) => lines.map((line) => line.split(' ')[0])),
      [['voltage_window,feeder=f-1,phase=A,unit=a'], ['voltage_indicator,feeder=f-1,indicative=true,unit=a']],
    )
    assert.match(requests[1]![0]!, / drp_pct=0,drc_pct=0\.099\d+,valid_windows=1,drc_phase="A" 1\d+$/)
    assert.deepEqual(await write(1, 10), { written: 1, refused: 0 })
  })

  it('are none where nothing was written', async () => {
    assert.deepEqual(await write(2, 10), { written: 0, refused: 0 })
    assert.deepEqual(requests, [])
  })
})
