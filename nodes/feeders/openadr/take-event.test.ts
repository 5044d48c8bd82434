import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { limit, hourMs, usePolledVtn } from './polled-vtn.fixture.ts'

describe('events of a VTN', function () {
  this.timeout(60_000)
  const polled = usePolledVtn()
  const payload = (type: string, value: number) => [{ type, values: [value] }]

  it('cancel what they called for and do not any more, and take it up again under another name', async () => {
    const two = [
      { id: 0, payloads: payload('IMPORT_CAPACITY_LIMIT', 50) },
      { id: 1, payloads: payload('IMPORT_CAPACITY_LIMIT', 60) },
    ]
    const both = [
      'IMPORT_CAPACITY_LIMIT on null: import 50 kW, 1 to 3',
      'IMPORT_CAPACITY_LIMIT on null: import 60 kW, 3 to 5',
    ]
    for (const [intervals, expected] of [
      [two, both],
      [two.slice(0, 1), both.slice(0, 1)],
      [two, both],
    ] as const) {
      polled.vtn.putEvent('e1', limit(0, { intervals }))
      await polled.poll()
      assert.deepEqual(await polled.calls(), expected)
    }
  })

  it('are followed in part where some of it is nothing for feeders', async () => {
    const intervals = [{ id: 0, payloads: [...payload('GHG', 300), ...payload('EXPORT_CAPACITY_LIMIT', 5)] }]
    polled.vtn.putEvent('e1', limit(0, { intervals }))
    await polled.poll()
    assert.deepEqual(await polled.calls(), ['EXPORT_CAPACITY_LIMIT on null: export 5 kW, 1 to 3'])
    assert.match((await polled.refusals()).get('e1')!, /GHG is nothing that feeders follow/)
  })

  it('that began before they were seen begin now, and what was not to be entered is tried again', async () => {
    polled.vtn.putEvent('e1', limit(50, { intervalPeriod: { start: '2026-11-20T00:00:00Z', duration: 'P30D' } }))
    polled.vtn.putEvent('e2', limit(2e6))
    await polled.poll()
    assert.deepEqual(await polled.calls(), ['IMPORT_CAPACITY_LIMIT on null: import 50 kW, 0 to 75'])
    assert.match((await polled.refusals()).get('e2')!, /limitKw|1000000/)
    polled.now += hourMs / 4
    await polled.poll()
    assert.equal((await polled.calls()).length, 1)
  })

  it('levels are parts of what each feeder carries otherwise', async () => {
    polled.vtn.vens.push({ id: 'v1', targets: ['f-1'] })
    polled.vtn.putEvent('e1', limit(0, { targets: ['f-1'], intervals: [{ id: 0, payloads: payload('SIMPLE', 2) }] }))
    await polled.poll()
    assert.deepEqual(await polled.calls(), ['SIMPLE on f-1: import 55 kW, 1 to 3'])
  })
})
