import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { keepOpenadr, keepPolling } from './keep-openadr.ts'
import { holdPolling, readPolling } from './openadr-repository.ts'
import { limit, usePolledVtn } from './polled-vtn.fixture.ts'

/** Until it holds; the time of the suite is the bound. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((wake) => setTimeout(wake, 10))
}

describe('keeping to a VTN', function () {
  this.timeout(60_000)
  const polled = usePolledVtn()
  const polls = (): number => polled.vtn.asked.filter((what) => what.startsWith('GET /vens')).length
  const keeper = (faults: string[] = []) => {
    const closing = new AbortController()
    const kept = keepPolling(
      polled.database,
      {
        ...{ ...polled.options, clockIsSet: () => true, pollMs: 60_000, restMs: 5 },
        report: (error) => faults.push(error instanceof Error ? error.message : String(error)),
      },
      closing.signal,
    )
    return async (): Promise<void> => {
      closing.abort()
      await kept
    }
  }
  const settled = async (attemptedAt: number): Promise<void> =>
    until(async () => (await readPolling(polled.database)).attemptedAt === attemptedAt)

  it('polls when it is due, and by one process at a time', async () => {
    polled.vtn.putEvent('e1', limit(50))
    const stops = [keeper(), keeper()]
    await settled(polled.now)
    assert.equal((await polled.calls()).length, 1)
    assert.equal(polls(), 1)
    polled.now += 60_000
    await settled(polled.now)
    assert.equal(polls(), 2)
    await Promise.all(stops.map((stop) => stop()))
    assert.equal((await readPolling(polled.database)).holder, null)
  })

  it('is tried again at growing distances, told once, and good again', async () => {
    await polled.database.query('update openadr_polling set next_at = null, failures = 0')
    const faults: string[] = []
    polled.vtn.mood = { status: 500 }
    polled.now += 3_600_000
    const stop = keeper(faults)
    await settled(polled.now)
    const first = await readPolling(polled.database)
    assert.deepEqual([first.failures, first.nextAt! - polled.now], [1, 120_000])
    polled.now = first.nextAt!
    await settled(polled.now)
    const second = await readPolling(polled.database)
    assert.deepEqual([second.failures, second.nextAt! - polled.now], [2, 240_000])
    assert.match(second.error!, /answers 500/)
    polled.vtn.mood = {}
    polled.now = second.nextAt!
    await settled(polled.now)
    await stop()
    const last = await readPolling(polled.database)
    assert.deepEqual([last.failures, last.error, last.succeededAt], [0, null, polled.now])
    assert.equal(faults.length, 1)
  })

  it('rests as long as the VTN asks for', async () => {
    await polled.database.query('update openadr_polling set next_at = null, failures = 0')
    polled.vtn.mood = { status: 503, headers: { 'retry-after': '600' } }
    polled.now += 7_200_000
    const stop = keeper()
    await settled(polled.now)
    await stop()
    assert.equal((await readPolling(polled.database)).nextAt, polled.now + 600_000)
  })

  it('passes to another when its holder is silent, not before', async () => {
    const now = polled.now + 10_800_000
    const hold = (holder: string, at: number) => holdPolling(polled.database, { holder, now: at, until: at + 1_000 })
    assert.ok(await hold('one', now))
    assert.ok(await hold('one', now + 500))
    assert.equal(await hold('other', now + 900), undefined)
    assert.ok(await hold('other', now + 1_500))
    assert.equal(await hold('one', now + 1_600), undefined)
  })

  it('is not begun with schemas that cannot be used, and says why', async () => {
    const faults: unknown[] = []
    const { url, clientId, clientSecret } = polled.vtn
    const environment = {
      ...{ OPENADR_URL: url, OPENADR_CLIENT_ID: clientId, OPENADR_CLIENT_SECRET: clientSecret },
      ...{ OPENADR_SPECIFICATION: 'openapi: 3.0.0', TIME_ZONE: 'America/Sao_Paulo', CLOCK: 'wall' },
    } as Parameters<typeof keepOpenadr>[1]
    await keepOpenadr(polled.database, environment, (fault) => faults.push(fault), new AbortController().signal)
    assert.deepEqual(faults.map(String), ['EnvironmentError: OPENADR_SPECIFICATION has no components.schemas'])
    assert.deepEqual(polled.vtn.asked, [])
  })

  it('is nothing where no VTN is named', async () => {
    const nobody = { TIME_ZONE: 'America/Sao_Paulo', CLOCK: 'wall' } as Parameters<typeof keepOpenadr>[1]
    const report = (error: unknown): void => assert.fail(String(error))
    await keepOpenadr(polled.database, nobody, report, new AbortController().signal)
    assert.deepEqual(polled.vtn.asked, [])
  })
})
