import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect, isDeepStrictEqual } from 'node:util'
import { after, before, describe, it } from 'mocha'
import { connectAsync, type MqttClient } from 'mqtt'
import { WebSocket } from 'ws'
import { clockTopic, writeClock } from '../platform/wire/clock.ts'
import { topicOf } from '../platform/wire/contract.ts'
import { LiveClient } from '../platform/wire/live-client.ts'
import { alarmSummaryKey, type LiveAlarm, type LiveAlarmSummary } from '../platform/wire/live.ts'
import type { FieldAlarm } from '../platform/wire/payloads.ts'
import { endsWithItsFirstFailure } from './first-failure.fixture.ts'
import { hasMosquitto, withoutMosquitto } from './mosquitto.fixture.ts'
import { type RunningSystem, startSystem } from './running-system.fixture.ts'
import { runProgram } from './supervised.fixture.ts'
import { Visitor } from './users.fixture.ts'
import { readingsStored } from './voltage-windows.fixture.ts'
import { say, waitUntil } from './waiting.fixture.ts'

const minuteMs = 60_000
/** Two in the afternoon in São Paulo. */
const start = Date.parse('2026-03-14T17:00:00Z')
/** Seconds of the field in one of ours: a device may then be silent for a quarter of an hour. */
const rate = 30
const silentFor = 20
/** The switch `sw-1` feeds all of these; `m-000` hangs before it. */
const behind = Array.from({ length: 300 }, (_, index) => `m-${String(index + 1).padStart(3, '0')}`)
const meters = ['m-000', ...behind]
const rounds = 6

/** What of the API's alarms is looked at. */
interface Alarm {
  readonly alarmId: number
  readonly area: string
  readonly kind: string
  readonly subject: string
  readonly state: string
  readonly occurrence: number
  readonly members: number
}
interface Occurrence extends Alarm {
  readonly at: string
  readonly why: string
}
interface Items<T> {
  readonly items: readonly T[]
}
interface Attempt {
  readonly action: string
  readonly outcome: string
  readonly code: string | null
  readonly username: string
  readonly occurrence: number | null
}

const keyOf = ({ area, kind, subject }: Pick<Alarm, 'area' | 'kind' | 'subject'>): string =>
  `${area}/${kind}/${area === 'continuity' ? '' : subject}`

/** The shipped flows, mosquitto and PostgreSQL: from the field to what an operator sees, does and is told. */
describe('alarms, from an open switch to the key figures', function () {
  this.timeout(120_000)
  endsWithItsFirstFailure()
  let system: RunningSystem
  let operator: Visitor
  let field: MqttClient
  let clock: MqttClient
  let live: LiveClient
  let told = { at: start, since: performance.now() }
  let sent = 0

  before(async function () {
    if (!hasMosquitto) {
      say(withoutMosquitto)
      return this.skip()
    }
    system = await startSystem({ broker: 'mosquitto', env: { CLOCK: 'simulated', READING_RETENTION_DAYS: '3650' } })
    operator = new Visitor(system.nodeRed.url, 'operator')
    field = await connectAsync(system.brokerUrl, system.field)
    clock = await connectAsync(system.brokerUrl, { username: 'linhaviva', password: system.passwords.linhaviva })
    await importNetwork(system)
    await passMinutes(0)
    const token = await operator.token()
    const address = `${system.nodeRed.url.replace('http', 'ws')}/api/live`
    live = new LiveClient({ open: () => new WebSocket(address, { headers: { Authorization: `Bearer ${token}` } }) })
    live.subscribe('alarms', { maxHz: 10 })
  })
  after(async function () {
    if (this.currentTest?.state === 'failed') say(String(system?.lastLines()))
    live?.close()
    await clock?.endAsync(true)
    await field?.endAsync(true)
    await system?.stop()
  })

  const now = (): number => Math.floor(told.at + rate * (performance.now() - told.since))
  /** Lets time pass at once; it goes on from there. */
  async function passMinutes(minutes: number): Promise<void> {
    const at = now() + minutes * minuteMs
    await clock.publishAsync(clockTopic, writeClock({ at, rate }), { qos: 1, retain: true })
    told = { at, since: performance.now() }
  }

  const publish = (topic: string, payload: object) => field.publishAsync(topic, JSON.stringify(payload), { qos: 1 })
  const timestamp = (): string => new Date(now()).toISOString()
  /** A reading of each. */
  async function report(ids: readonly string[]): Promise<void> {
    const values = { timestamp: timestamp(), va_v: 127, vb_v: null, vc_v: null, interval_s: 60, aggregation: 'rms' }
    await Promise.all(ids.map((meterId) => publish(topicOf('meter', meterId), { meter_id: meterId, ...values })))
    sent += ids.length
    await readingsStored(system.database, sent, 20_000)
  }
  const operate = (type: 'switch_opened' | 'switch_closed') =>
    publish(topicOf('event', 'sw-1'), { device_id: 'sw-1', event_id: `${type}-1`, timestamp: timestamp(), type })
  const heat = (celsius: number) =>
    publish(topicOf('panel', 'p-1'), {
      ...{ panel_id: 'p-1', timestamp: timestamp(), temperature_celsius: celsius },
      ...{ voltage_volts: 40, current_amperes: 5, power_output_watts: 200 },
    })

  async function ask<T>(path: string, body?: object): Promise<T> {
    const { status, answer } = await tried<T>(path, body)
    assert.equal(status, 200, `${path}: ${status} ${JSON.stringify(answer)}`)
    return answer
  }
  async function tried<T>(path: string, body?: object): Promise<{ status: number; answer: T }> {
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
    const response = await operator.fetch(path, body ? init : {})
    return { status: response.status, answer: (await response.json()) as T }
  }
  const alarms = async () => (await ask<Items<Alarm>>('/api/alarms')).items
  const alarmOf = async (key: string): Promise<Alarm> => {
    const found = (await alarms()).find((alarm) => keyOf(alarm) === key)
    assert.ok(found, `no alarm ${key}`)
    return found
  }
  /** What stands, as `key state (members)`, in the order of the keys. */
  const standing = async () => (await alarms()).map(line).toSorted()
  const line = (alarm: Alarm) => `${keyOf(alarm)} ${alarm.state}${alarm.members > 0 ? ` (${alarm.members})` : ''}`
  const act = (alarm: Alarm, action: string, body: object) =>
    tried<{ code?: string }>(`/api/alarms/${alarm.alarmId}/${action}`, body)
  async function acknowledge(key: string): Promise<void> {
    const alarm = await alarmOf(key)
    await ask(`/api/alarms/${alarm.alarmId}/acknowledge`, { occurrence: alarm.occurrence })
  }

  async function reaches<T>(what: string, read: () => Promise<T>, expected: T): Promise<void> {
    let last: T | undefined
    await waitUntil(what, async () => isDeepStrictEqual((last = await read()), expected), {
      ...{ withinMs: 40_000, everyMs: 100 },
      explain: async () => `${inspect(last)} in the stead of ${inspect(expected)}`,
    })
  }

  /** What the broker keeps for whoever comes now: by number, with state and members. */
  async function kept(): Promise<string[]> {
    const found: string[] = []
    const client = await connectAsync(system.brokerUrl)
    try {
      const marked = new Promise<void>((resolve) =>
        client.on('message', (topic, payload) => {
          if (topic === 'test/marker') return resolve()
          // Whoever speaks for alarms asks by an empty message whether it may.
          if (payload.length === 0) return
          const { alarm_id, state, members } = JSON.parse(payload.toString()) as FieldAlarm
          assert.equal(topic, topicOf('alarm', String(alarm_id)))
          found.push(`${alarm_id} ${state} ${members}`)
        }),
      )
      await client.subscribeAsync([topicOf('alarm', '+'), 'test/marker'], { qos: 1 })
      // Comes after all that is retained.
      await client.publishAsync('test/marker', '', { qos: 1 })
      await marked
    } finally {
      await client.endAsync(true)
    }
    return found.toSorted()
  }
  const streamed = (): string[] =>
    [...live.state('alarms')]
      .filter(([key]) => key !== alarmSummaryKey)
      .map(([, alarm]) => alarm as LiveAlarm)
      .map(({ alarmId, state, members }) => `${alarmId} ${state} ${members}`)
      .toSorted()
  /** Broker and stream say what the API says. */
  async function isToldEverywhere(): Promise<void> {
    const expected = (await alarms()).map(({ alarmId, state, members }) => `${alarmId} ${state} ${members}`).toSorted()
    await reaches('the broker to keep what stands', kept, expected)
    await reaches('the stream to show what stands', async () => streamed(), expected)
  }

  it('learns how often meters report, and what is too hot', async () => {
    for (let round = 0; round < rounds; round++) {
      await passMinutes(1)
      await report(meters)
    }
    await heat(25)
    const known = async () =>
      (await system.database.row<{ known: number }>('select count(usual_s)::integer as known from device_interval'))
        .known
    const areKnown = async () => (await known()) === meters.length
    for (let tries = 1; !(await areKnown()); tries++) {
      assert.ok(tries <= 4, `the usual silence of ${await known()} of ${meters.length} meters is known`)
      if (tries > 1) await report(meters)
      await passMinutes(silentFor)
      // The watch begins anew with the deploy, when they are long silent: nobody is for the next half minute of ours.
      await system.nodeRed.deploy((flows) =>
        flows.map((node) => (node.id === 'lv-alarm' ? { ...node, rules: [tooHot] } : node)),
      )
      const until = performance.now() + 20_000
      await waitUntil('it to have looked', async () => performance.now() > until || (await areKnown()))
    }
    assert.deepEqual(await standing(), [])
  })

  it('has one alarm for the open switch, with 300 silent meters behind it, though Node-RED is killed meanwhile', async () => {
    await operate('switch_opened')
    await reaches('the outage', standing, ['continuity/outage/ B'])
    await passMinutes(silentFor)
    await waitUntil('the first meters to be silent', async () => {
      const { silent } = await system.database.row<{ silent: number }>(
        `select count(*)::integer as silent from alarm where kind = 'device-silent'`,
      )
      return silent > 0
    })
    await system.nodeRed.kill()
    await passMinutes(0)
    await system.nodeRed.start()
    await passMinutes(silentFor)
    await reaches('the outage and the meter before it', standing, [
      'continuity/outage/ B (300)',
      'telemetry/device-silent/m-000 B',
    ])
    const occurrences = await system.database.query(
      `select kind, annunciated, occurrence, count(*)::integer as alarms from alarm_occurrence join alarm using (alarm_id, occurrence)
       group by 1, 2, 3 order by 1, 2`,
    )
    assert.deepEqual(occurrences, [
      { kind: 'device-silent', annunciated: false, occurrence: 1, alarms: 300 },
      { kind: 'device-silent', annunciated: true, occurrence: 1, alarms: 1 },
      { kind: 'outage', annunciated: true, occurrence: 1, alarms: 1 },
    ])
    await isToldEverywhere()
  })

  it('lists the meters behind the switch for who asks what it explains', async () => {
    const { alarmId } = await alarmOf('continuity/outage/')
    const { items } = await ask<Items<Alarm>>(`/api/alarms?rootAlarmId=${alarmId}&limit=1000`)
    assert.deepEqual(
      items.map(({ subject, state }) => `${subject} ${state}`).toSorted(),
      behind.map((id) => `${id} H`),
    )
  })

  const hot = 'rules/panel-hot/p-1'

  it('acknowledges what was seen, and refuses to acknowledge what came since', async () => {
    await heat(78)
    await reaches('the panel', async () => (await standing()).includes(`${hot} B`), true)
    const first = await alarmOf(hot)
    await acknowledge(hot)
    assert.equal((await alarmOf(hot)).state, 'C')
    await heat(40)
    await reaches('the panel to be well', async () => (await standing()).some((one) => one.startsWith(hot)), false)
    await passMinutes(1)
    await heat(79)
    await reaches('the panel again', async () => (await standing()).includes(`${hot} B`), true)
    const stale = await act(first, 'acknowledge', { occurrence: first.occurrence })
    assert.deepEqual([stale.status, stale.answer.code], [409, 'stale-occurrence'])
    const { items } = await ask<Items<Attempt>>(`/api/alarms/actions?alarmId=${first.alarmId}`)
    assert.deepEqual(
      items.map(({ action, outcome, code, username, occurrence }) => [action, outcome, code, username, occurrence]),
      [
        ['acknowledge', 'refused', 'stale-occurrence', 'operator', 1],
        ['acknowledge', 'done', null, 'operator', 1],
      ],
    )
    assert.equal((await alarmOf(hot)).state, 'B')
  })

  it('has back by itself what was shelved', async () => {
    const alarm = await alarmOf(hot)
    const shelved = await act(alarm, 'shelve', { minutes: 10, reason: 'its fan is replaced' })
    assert.equal(shelved.status, 200, JSON.stringify(shelved.answer))
    assert.equal((await alarmOf(hot)).state, 'G')
    await isToldEverywhere()
    await passMinutes(10)
    await reaches('the panel from the shelf', async () => (await standing()).includes(`${hot} B`), true)
    const { items } = await ask<Items<Occurrence>>(`/api/alarms/${alarm.alarmId}/occurrences`)
    assert.deepEqual(
      items.map(({ occurrence, why }) => [occurrence, why]),
      [
        [3, 'shelving-ended'],
        [2, 'activated'],
        [1, 'activated'],
      ],
    )
    await isToldEverywhere()
  })

  it('is all normal once supply is back and the operator has seen everything', async () => {
    await Promise.all([operate('switch_closed'), heat(40)])
    await passMinutes(1)
    await report(meters)
    await reaches('what has returned', standing, [
      'continuity/outage/ D',
      `${hot} D`,
      'telemetry/device-silent/m-000 D',
    ])
    for (const alarm of await alarms()) await acknowledge(keyOf(alarm))
    assert.deepEqual(await standing(), [])
    await isToldEverywhere()
    const summary = live.state('alarms').get(alarmSummaryKey) as LiveAlarmSummary
    assert.deepEqual([summary.alarms, summary.unacknowledged, summary.explained], [0, 0, 0])
  })

  it('tells of all of it in the same numbers: database, recent alerts, history, key figures', async () => {
    const stored = await system.database.query<{ alarmId: number; occurrence: number; annunciated: boolean }>(
      `select alarm_id::integer as "alarmId", occurrence, annunciated from alarm_occurrence order by at desc, alarm_id desc, occurrence desc`,
    )
    const named = (items: readonly { alarmId: number; occurrence: number }[]) =>
      items.map(({ alarmId, occurrence }) => `${alarmId}.${occurrence}`).toSorted()
    const annunciated = stored.filter((one) => one.annunciated)
    const recent = await ask<Items<Occurrence>>('/api/alerts/recent?limit=50')
    assert.deepEqual(named(recent.items), named(annunciated))
    const history = await ask<Items<Occurrence>>('/api/alarms/history?limit=1000')
    assert.deepEqual(named(history.items), named(stored))
    await passMinutes(10)
    const from = new Date(start).toISOString()
    const { totals } = await ask<{ totals: Record<string, unknown> }>(`/api/alarms/kpis?from=${from}`)
    const { occurrences, told: tell, explained, otherwiseHidden, unacknowledged } = totals
    assert.deepEqual(
      { occurrences, told: tell, explained, otherwiseHidden, unacknowledged },
      { occurrences: 305, told: 5, explained: 300, otherwiseHidden: 0, unacknowledged: 0 },
    )
    assert.deepEqual([stored.length, annunciated.length], [305, 5])
    assert.deepEqual(await system.database.query('select reason, count(*) from quarantine group by 1'), [])
  })
})

/** A rule as the editor saves it: a panel above 70 °C. */
const tooHot = {
  ...{ name: 'panel-hot', enabled: true, kind: 'panel', derType: '', feederIds: [], deviceIds: [] },
  when: {
    type: 'and',
    of: [
      {
        ...{ type: 'limit', measure: 'temperature_celsius', deadband: 5 },
        levels: [{ level: 'H', setPoint: 70, priority: null }],
      },
    ],
  },
  ...{ priority: 'high', className: null, onDelayS: 0, offDelayS: 0, latching: null, reAlarmS: null },
  ...{ textEn: 'Panel too hot', textPt: 'Painel quente demais' },
}

/** A source, a switch, and a unit with its meter for each of the meters; a panel. */
async function importNetwork({ database, dataDir }: RunningSystem): Promise<void> {
  const folder = join(dataDir, 'network')
  mkdirSync(folder)
  const files: Record<string, readonly string[]> = {
    feeders: ['feeder_id,parent_feeder_id', 'feeder-1,'],
    sources: ['source_id,section_id,feeder_id', 'src-1,near,feeder-1'],
    switches: ['switch_id,section_a,section_b,normally_closed,load_break', 'sw-1,near,far,true,true'],
    transformers: ['transformer_id,section_id', 'tr-near,near', 'tr-far,far'],
    devices: [
      'device_id,kind,feeder_id,nominal_voltage_v',
      ...['sw-1,switch,feeder-1,', 'p-1,panel,feeder-1,'],
      ...meters.map((id) => `${id},meter,feeder-1,127`),
    ],
    units: ['unit_id,feeder_id,phases,nominal_voltage_v', ...meters.map((id) => `u-${id},feeder-1,A,127`)],
    meters: ['unit_id,device_id,valid_from', ...meters.map((id) => `u-${id},${id},2020-01-01`)],
    supplies: ['unit_id,transformer_id', ...meters.map((id) => `u-${id},tr-${behind.includes(id) ? 'far' : 'near'}`)],
  }
  for (const [name, lines] of Object.entries(files)) writeFileSync(join(folder, `${name}.csv`), `${lines.join('\n')}\n`)
  const { host, port, user, password, database: name } = database.running
  const login = { DB_HOST: host, DB_PORT: String(port), DB_USER: user, DB_PASSWORD: password, DB_NAME: name }
  const { code, err } = await runProgram('network/registry-cli.js', ['import', folder], login)
  assert.equal(code, 0, err)
}
