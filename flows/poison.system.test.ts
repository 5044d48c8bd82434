import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { setTimeout as sleep } from 'node:timers/promises'
import { type RunningLoad, startLoad } from './field-load.fixture.ts'
import { expectedRejections, itemsInArray, steadyDevices } from './field-messages.fixture.ts'
import { type Latency, latency, showLatency } from './latency.fixture.ts'
import { hasMosquitto, withoutMosquitto } from './mosquitto.fixture.ts'
import { type RunningSystem, startSystem } from './running-system.fixture.ts'
import { say, waitUntil } from './waiting.fixture.ts'

/** Messages of the flood at full speed. */
const flood = Number(process.env.POISON_FLOOD ?? 200_000)
const poisonPerSecond = 5_000
const phaseSeconds = 15
const goodPerSecond = 200
const quarantineMegabytes = 16
const mostMemory = 700
/** Messages of thousands of items each; all of them taken apart at once would be gigabytes. */
const arrayMessages = 400
const mostMemoryOfArrays = 1_000
/** Seconds within which the good readings are at their usual pace again: how soon is printed here and measured by the benchmark. */
const calmWithin = 180

describe('poison: malformed messages among good ones', function () {
  this.timeout(120_000 + flood * 1.2)
  let system: RunningSystem
  let good: RunningLoad
  let alone: Latency
  let sentPoison = 0
  let sentArrays = 0

  before(async function () {
    if (!hasMosquitto) {
      say(withoutMosquitto)
      this.skip()
    }
    system = await startSystem({
      broker: 'mosquitto',
      // As in production: strangers are written down once and wait for approval.
      env: { FIRST_CONTACT: 'approve', QUARANTINE_MAX_MB: String(quarantineMegabytes) },
    })
    await system.database.query(
      `insert into device (device_id, kind, der_type, status)
       select 'steady-' || i, 'der'::reading_kind, 'battery', 'active'::registration_status
       from generate_series(0, $1::integer - 1) i
       union all select 'panel-1', 'panel', null, 'active' union all select 'meter-1', 'meter', null, 'active'`,
      [steadyDevices],
    )
    good = startLoad({
      ...{ brokerUrl: system.brokerUrl, kind: 'steady', publishers: 1, start: Date.now() },
      ...{ count: Number.MAX_SAFE_INTEGER, perSecond: goodPerSecond },
    })
  })
  after(async function () {
    if (this.currentTest?.state === 'failed') say(system.lastLines())
    await good?.stop()
    await system?.stop()
  })

  const poison = (count: number, perSecond?: number): RunningLoad => {
    const from = sentPoison
    sentPoison += count
    const load = { brokerUrl: system.brokerUrl, kind: 'malformed' as const, start: Date.now() }
    return startLoad({ ...load, from, count, publishers: 3, ...(perSecond !== undefined && { perSecond }) })
  }

  const rejections = async (): Promise<Record<string, number>> =>
    Object.fromEntries(
      (
        await system.database.query<{ reason: string; count: number }>(
          'select reason, sum(count)::float8 as count from quarantine_count group by 1',
        )
      ).map(({ reason, count }) => [reason, count]),
    )
  const expected = (): Record<string, number> => {
    const counts = expectedRejections(0, sentPoison)
    return { ...counts, missing_field: (counts.missing_field ?? 0) + sentArrays * itemsInArray }
  }
  const total = (counts: Record<string, number>): number => Object.values(counts).reduce((sum, count) => sum + count, 0)
  const allRejected = (withinMs: number): Promise<unknown> => {
    const wanted = total(expected())
    const ask = async (): Promise<boolean> => total(await rejections()) >= wanted
    const explain = async (): Promise<string> => `${total(await rejections())} of ${wanted}`
    return waitUntil('all malformed messages to be counted', ask, { withinMs, everyMs: 250, explain })
  }

  it('good readings alone', async () => {
    await sleep(2_000)
    const from = Date.now()
    await sleep(phaseSeconds * 1_000)
    alone = await latency(system.database, from, Date.now() - 1_000)
    say(`alone: ${showLatency(alone)}`)
    assert.ok(alone.readings > 0)
  })

  it(`good readings get through among ${poisonPerSecond} malformed ones a second`, async () => {
    const from = Date.now()
    const { done } = poison(poisonPerSecond * phaseSeconds, poisonPerSecond)
    const seconds = await done
    const to = Date.now()
    await allRejected(60_000)
    const among = await latency(system.database, from, to)
    say(`among ${Math.round((poisonPerSecond * phaseSeconds) / seconds)} malformed a second: ${showLatency(among)}`)
    say(`ratio of the p99: ${(among.p99 / alone.p99).toFixed(2)}`)
    assert.ok(among.readings > 0)
  })

  it(`a flood of ${flood} at full speed passes, and memory and pace are as they were`, async () => {
    const from = Date.now()
    const { done } = poison(flood)
    const seconds = await done
    const published = Date.now()
    await allRejected(60_000 + flood)
    const drained = Date.now()
    await waitUntil('a calm second', async () => (await firstCalm(published)) !== undefined, {
      ...{ withinMs: calmWithin * 1_000, everyMs: 1_000 },
    })
    const during = await latency(system.database, from, published)
    const recovered = await firstCalm(published)
    const memory = system.nodeRed.memory()
    say(`published at ${Math.round(flood / seconds)}/s, counted ${((drained - published) / 1_000).toFixed(1)} s later`)
    say(`during: ${showLatency(during)}`)
    say(`calm ${recovered} s after the last malformed message`)
    if (memory) say(`memory of Node-RED: ${memory.now.toFixed(0)} MB, ${memory.peak.toFixed(0)} MB at its highest`)
    assert.ok(!memory || memory.peak < mostMemory, `${memory?.peak} MB`)
  })

  /** Seconds after an instant until the good readings of a whole second are stored at their usual pace. */
  async function firstCalm(instant: number): Promise<number | undefined> {
    for (let second = 0; instant + (second + 1) * 1_000 < Date.now(); second++) {
      const { p99, readings } = await latency(system.database, instant + second * 1_000, instant + (second + 1) * 1_000)
      if (readings > 0 && p99 <= Math.max(2 * alone.p99, 150)) return second
    }
    return undefined
  }

  it(`${arrayMessages} arrays of ${itemsInArray} items at full speed are taken a few at a time`, async () => {
    const began = performance.now()
    sentArrays = arrayMessages
    const load = { brokerUrl: system.brokerUrl, kind: 'arrays' as const, start: 0 }
    await startLoad({ ...load, count: arrayMessages, publishers: 1 }).done
    await allRejected(120_000)
    const memory = system.nodeRed.memory()
    const seconds = (performance.now() - began) / 1_000
    say(
      `${sentArrays * itemsInArray} items in ${seconds.toFixed(1)} s; memory at its highest ${memory?.peak.toFixed(0)} MB`,
    )
    assert.ok(!memory || memory.peak < mostMemoryOfArrays, `${memory?.peak} MB`)
  })

  it('nothing good is lost', async () => {
    await good.stop()
    const published = good.published
    const count = async (): Promise<{ stored: number; missing: number }> =>
      system.database.row(
        `select count(*)::float8 as stored, (max(abs(estimated_power_w)) + 1 - count(*))::float8 as missing
         from der_reading join device using (device_key) where device_id like 'steady-%'`,
      )
    await waitUntil('the good readings', async () => (await count()).stored >= published)
    const { stored, missing } = await count()
    say(`${published} good readings acknowledged to their publisher, ${stored} stored`)
    assert.equal(missing, 0)
  })

  it('quarantine counts are exact to the message, its size within its budget', async () => {
    const { ingest } = await system.nodeRed.health()
    say(`${ingest.received} items received, ${ingest.duplicates} duplicates`)
    assert.deepEqual(await rejections(), expected())
    const kept = await system.database.row<{ rows: number; megabytes: number; disk: number }>(
      `select count(*)::float8 as rows, (sum(length(payload) + length(topic) + length(detail)) / 1048576)::float8 as megabytes,
         (pg_total_relation_size('quarantine') / 1048576)::float8 as disk from quarantine`,
    )
    say(`${sentPoison} malformed messages; kept ${kept.rows}: ${kept.megabytes.toFixed(1)} MB, on disk ${kept.disk} MB`)
    // Beyond the budget ten samples a reason, device and hour: of the largest payloads, a quarter of a megabyte each.
    assert.ok(kept.megabytes <= quarantineMegabytes + 2 * 10 * 0.25 + 1)
    const { strays } = await system.database.row<{ strays: number }>(
      `select count(*)::float8 as strays from der_reading join device using (device_key) where device_id not like 'steady-%'`,
    )
    assert.equal(strays, 0)
  })
})
