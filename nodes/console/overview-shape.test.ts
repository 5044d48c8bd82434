import assert from 'node:assert/strict'
import { InvalidOverview, longest, readOverview } from './overview-shape.ts'
import { calmOverview } from './overview.fixture.ts'

const calm = calmOverview(1_760_000_000_000)

describe('readOverview', () => {
  it('takes an overview as it is', () => assert.deepEqual(readOverview(calm), calm))

  it('takes one that crossed JSON', () => assert.deepEqual(readOverview(JSON.parse(JSON.stringify(calm))), calm))

  it('lets nothing else through', () => {
    const noisy = { ...calm, token: 'secret', devices: { ...calm.devices, owners: ['Ana'] } }
    assert.deepEqual(readOverview(noisy), calm)
  })

  it('cuts the lists that grow with the fleet, and leaves the counts', () => {
    const silentIds = Array.from({ length: 5000 }, (_, index) => `meter-${index}`)
    const { devices } = readOverview({ ...calm, devices: { reporting: 0, silent: 5000, silentIds } })
    assert.equal(devices.silentIds.length, longest.silentIds)
    assert.equal(devices.silent, 5000)
  })

  for (const [change, message] of [
    [{ readingsPerSecond: Number.NaN }, 'payload.readingsPerSecond must be a number, found NaN'],
    [{ lagMs: -1 }, 'payload.lagMs must be zero or more, found -1'],
    [{ stored: '12' }, 'payload.stored must be a number, found "12"'],
    [{ devices: undefined }, 'payload.devices must be an object, found nothing'],
    [{ feeders: {} }, 'payload.feeders must be a list, found an object'],
    [
      { feeders: [{ feederId: 'f', byType: [{ type: 'ev' }] }] },
      'payload.feeders[0].byType[0].kw must be a number, found nothing',
    ],
    [
      { quarantine: [{ reason: 'bad_luck', count: 1 }] },
      'payload.quarantine[0].reason must be a reason code, found "bad_luck"',
    ],
    [
      { degraded: [{ part: 'roof', detail: '' }] },
      'payload.degraded[0].part must be one of database, broker, found "roof"',
    ],
    [
      { latest: [{ ...calm.latest[0], measures: { soc: null } }] },
      'payload.latest[0].measures.soc must be a number, found null',
    ],
  ] as const) {
    it(message, () =>
      assert.throws(
        () => readOverview({ ...calm, ...change }),
        (error) => error instanceof InvalidOverview && error.message === message,
      ),
    )
  }

  for (const payload of [undefined, null, 7, 'text', []])
    it(`refuses ${JSON.stringify(payload)}`, () =>
      assert.throws(() => readOverview(payload), /^InvalidOverview: payload must be an object/))
})
