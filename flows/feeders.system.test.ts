import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { connectAsync } from 'mqtt'
import { Client, type QueryResultRow } from 'pg'
import { topicOf } from '../platform/wire/contract.ts'
import { limitAt, settledAfter, tolerance } from './feeders-day/over-limit.ts'
import { startTownStage, type TownStage } from './feeders-day/town-stage.fixture.ts'
import { endsWithItsFirstFailure } from './first-failure.fixture.ts'
import type { NodeRedProcess } from './node-red-process.fixture.ts'
import { say, waitUntil } from './waiting.fixture.ts'

/** A control interval of a minute is three seconds of ours. */
const speed = '20'
const controlMs = 60_000

interface Round {
  readonly at: number
  readonly holder: string
  readonly token: number
  readonly cause: string
}
interface Explained {
  readonly sentence: { readonly en: string; readonly pt: string }
  readonly share: { readonly toldKw: number | null; readonly powerKw: number } | null
  readonly path: readonly string[]
}
interface LimitsInForce {
  readonly inForce: readonly { readonly limitKw: number; readonly source: string; readonly expiresAt: string | null }[]
}

/** The shipped flows, PostgreSQL, a broker, and a town whose evening is more than its feeders may carry. */
describe('feeders of a town, steered by the shipped flows', function () {
  this.timeout(240_000)
  endsWithItsFirstFailure()
  let stage: TownStage
  /** One connection for all that is looked at: two Node-REDs take most of those that there are. */
  let database: Client
  let second: NodeRedProcess

  before(async () => {
    stage = await startTownStage({ town: ['--evs', '30', '--start', '19:00', '--speed', speed] })
    database = new Client(stage.system.database.owner)
    await database.connect()
    await waitUntil('the field', async () => stage.courses.get('town-00/total')!.length > 0)
  })
  after(async function () {
    if (this.currentTest?.state === 'failed') say(stage?.system.lastLines())
    await database?.end()
    await stage?.stop()
  })
  const query = async <Row extends QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await database.query<Row>(text, values)).rows

  /** What flows on a line, and what may, now. */
  const now = (line: string) => {
    const { at, kw } = stage.courses.get(line)!.at(-1)!
    return { kw, limitKw: limitAt(stage.limits.get(line)!, at) }
  }
  const isWithin = (line: string): boolean => {
    const { kw, limitKw } = now(line)
    return kw <= limitKw * (1 + tolerance)
  }
  const everyFeeder = () => stage.plan.feeders.map(({ id }) => `${id}/total`)
  const standing = async (): Promise<string> => JSON.stringify(everyFeeder().map(now))
  const allWithin = (what: string) =>
    waitUntil(what, async () => everyFeeder().every(isWithin), { withinMs: 30_000, everyMs: 50, explain: standing })
  const round = async (): Promise<Round | undefined> =>
    (
      await query<{ at: Date; holder: string; token: string; cause: string }>(
        'select at, holder, token, cause from feeder_allocation',
      )
    ).map(({ at, holder, token, cause }) => ({ at: at.getTime(), holder, token: Number(token), cause }))[0]
  /** Charge points with a car that follow a setpoint. */
  const following = () =>
    stage.plan.chargePoints.filter(({ id }) => stage.running.town.setpointKw(id) !== undefined).map(({ id }) => id)
  const settled = (line: string): string => {
    const since = stage.limits.get(line)!.at(-1)!.from
    const ms = settledAfter(stage.courses.get(line)!, stage.limits.get(line)!, since, 0)
    return `${line} was within ${now(line).limitKw} kW ${ms === undefined ? 'never' : `${ms / 1_000} s of the field`} after it`
  }

  it('come within their limits, the one within the other, with every device that is there', async () => {
    const free = await standing()
    await waitUntil('the first setpoints', async () => following().length > 0, { withinMs: 40_000 })
    await allWithin('each feeder to be within its limit')
    say(`${free} before, ${await standing()} steered`)
    assert.deepEqual(stage.refused, [])
  })

  it('follow a limit that is set over the API, and say whose it is and until when', async () => {
    const limitKw = Math.round(now('town-02/total').kw * 0.8 * 10) / 10
    await stage.setLimit('town-02', { limitKw, minutes: 240 })
    await allWithin('the hillside to follow')
    say(settled('town-02/total'))
    const { inForce } = await stage.ask<LimitsInForce>('/api/feeders/town-02/limits')
    const ours = inForce.find((limit) => limit.source.startsWith('limit:'))
    assert.deepEqual([ours?.limitKw, ours?.expiresAt !== null], [limitKw, true])
  })

  it('say in a sentence and in numbers why a device has its setpoint', async () => {
    const [{ deviceId }] = await waitUntil('a device that a feeder binds', async () => {
      const bound = await query<{ deviceId: string }>(
        `select device_id as "deviceId" from device_share where binding = 'feeder' and told_kw is not null order by deficit_kw desc`,
      )
      return bound.length > 0 && (bound as [{ deviceId: string }])
    })
    const told = await stage.ask<Explained>(`/api/feeder/explain?deviceId=${deviceId}`)
    assert.ok(told.sentence.en.length > 20 && told.sentence.pt.length > 20, JSON.stringify(told.sentence))
    assert.notEqual(told.sentence.en, told.sentence.pt)
    assert.equal(typeof told.share?.toldKw, 'number')
    assert.equal(told.path.at(-1), 'town-00')
    say(told.sentence.en)
  })

  it('have a loop that health tells of', async () => {
    const { controlLoop } = (await stage.system.nodeRed.health()) as {
      controlLoop?: { status: string; lastTickAt: string; stalled: boolean }
    }
    assert.deepEqual([controlLoop?.status, controlLoop?.stalled], ['ok', false])
    assert.ok(Math.abs(Date.parse(controlLoop!.lastTickAt) - stage.now()) < 10 * controlMs)
  })

  it('shed for an event at once, and come back in steps', async () => {
    const before = now('town-00/total').kw
    const limitKw = Math.round(before * 0.75 * 10) / 10
    const since = stage.now()
    const eventId = await stage.callEvent('town-00', { limitKw, minutes: 2 })
    await allWithin('the town to shed')
    say(settled('town-00/total'))
    await waitUntil('the end of the event', async () => stage.now() > since + 2.5 * controlMs)
    const { inForce } = await stage.ask<LimitsInForce>('/api/feeders/town-00/limits')
    const sources = inForce.map(({ source }) => source)
    assert.ok(
      sources.some((source) => source === `snapback:${eventId}`) && !sources.includes(`event:${eventId}`),
      `${sources.join()}`,
    )
    await waitUntil('more again', async () => now('town-00/total').kw > limitKw * 1.02, {
      withinMs: 40_000,
      explain: standing,
    })
  })

  it('stay within their limits while Node-RED is killed, and go on as before when it is back', async () => {
    const kept = () =>
      query<{ devices: number; kwh: number }>(
        'select count(*)::integer as devices, coalesce(sum(deficit_kwh), 0)::float8 as kwh from control_deficit',
      )
    const [[before], last, since] = [await kept(), (await round())!, stage.now()]
    await stage.system.nodeRed.kill()
    await stage.system.nodeRed.start()
    await waitUntil('the next round', async () => (await round())!.at > stage.now() - controlMs, { withinMs: 40_000 })
    await allWithin('each feeder to be within its limit')
    const [[later], next] = [await kept(), (await round())!]
    say(
      `${(stage.now() - since) / 1_000} s of the field until the loop went on; deficits ${before!.kwh.toFixed(2)} kWh before, ${later!.kwh.toFixed(2)} kWh after`,
    )
    assert.ok(before!.devices > 0 && later!.devices >= before!.devices)
    assert.ok(next.token >= last.token)
    assert.deepEqual(stage.refused, [])
  })

  it('of two controllers have one that acts', async () => {
    second = await stage.system.secondNodeRed()
    const holders = new Set<string>()
    let seen: Round | undefined
    for (let rounds = 0; rounds < 2; rounds++) {
      seen = await waitUntil('another round', async () => {
        const one = (await round())!
        return one.at !== seen?.at && one
      })
      holders.add(seen.holder)
    }
    assert.equal(holders.size, 1)
    const leases = await query('select holder from control_lease')
    assert.deepEqual(leases, [{ holder: [...holders][0] }])
  })

  it('are taken over from a controller that stands still; what it says afterwards is refused', async () => {
    const before = (await round())!
    const standsStill = before.holder.split(' ').includes(String(second.pid)) ? second : stage.system.nodeRed
    let told: { readonly deviceId: string }
    process.kill(standsStill.pid, 'SIGSTOP')
    try {
      const next = await waitUntil(
        'the other one to take over',
        async () => {
          const one = (await round())!
          return one.holder !== before.holder && one
        },
        { withinMs: 40_000 },
      )
      assert.ok(next.token > before.token, `${before.token} -> ${next.token}`)
      told = await waitUntil(
        'a device that follows it, and none that follows the old one',
        async () => {
          const rows = await query<{ deviceId: string; isNew: boolean; isOut: boolean }>(
            `select device_id as "deviceId", fencing_token = $1 as "isNew", published = changed as "isOut" from desired_setpoint`,
            [next.token],
          )
          const one = rows.find(({ deviceId, isOut }) => isOut && following().includes(deviceId))
          return rows.every(({ isNew }) => isNew) && one
        },
        { withinMs: 90_000 },
      )
    } finally {
      process.kill(standsStill.pid, 'SIGCONT')
    }
    // As if the broker had kept back what it said before it lost its lease.
    const { deviceId } = told
    const toldKw = stage.running.town.setpointKw(deviceId)
    const client = await connectAsync(stage.system.brokerUrl, {
      ...{ username: 'dispatcher', password: stage.system.passwords.dispatcher, protocolVersion: 4 },
    })
    const late = { p_setpoint_kw: 22, fencing_token: before.token }
    await client.publishAsync(topicOf('control', deviceId), JSON.stringify(late), { qos: 1 })
    await waitUntil('its refusal', async () => stage.refused.some(([id]) => id === deviceId))
    assert.notEqual(stage.running.town.setpointKw(deviceId), 22)
    await client.endAsync()
    say(`told ${toldKw} kW; ${stage.refused[0]![1]}`)
    await allWithin('each feeder to be within its limit')
    assert.ok((await round())!.token > before.token)
  })

  it('release their devices when no limit is left', async () => {
    await query('update feeder set limit_kw = null')
    await query(
      `insert into feeder_limit_removal (limit_id, removed_by, removed_at)
       select limit_id, 'test', to_timestamp($1) from feeder_limit`,
      [Date.now() / 1_000],
    )
    await waitUntil(
      'all to be free',
      async () => following().length === 0 && stage.running.town.atFallback.length === 0,
      {
        withinMs: 40_000,
        explain: async () => `${following().length} follow, ${stage.running.town.atFallback.length} at fallback`,
      },
    )
  })
})
