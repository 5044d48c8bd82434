import { loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectAsync } from 'mqtt'
import type { CommandMessage } from '../../platform/wire/command.ts'
import { hasMosquitto } from '../mosquitto.fixture.ts'
import { cpuSeconds } from '../node-red-process.fixture.ts'
import { type RunningSystem, startSystem } from '../running-system.fixture.ts'
import { waitUntil } from '../waiting.fixture.ts'
import { percentile } from './statistics.ts'

type Row = [name: string, value: string]

/** Devices that take turns: one command at a time each, as in operation. */
const devices = 500
const idOf = (n: number): string => `bench-der-${n % devices}`
const capabilities = { ledger: true, expiry: true, select: false, clock: true, signature: false }

/**
 * How long commands take at a given rate, from the request over HTTP until their effect is confirmed: accepted, dispatched over
 * MQTT, carried out and answered at once, and seen in a reading of the device.
 */
export async function measureCommands(
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
  progress: (line: string) => void,
): Promise<Row[]> {
  const system = await startSystem({
    broker: hasMosquitto ? 'mosquitto' : 'embedded',
    env: { REQUESTS_PER_MINUTE: '1000000' },
  })
  const field = await startField(system)
  try {
    await register(system)
    for (let n = 0; n < devices; n++) field.say(n % devices, 0)
    progress(`commands: ${perSecond}/s for ${seconds} s to ${devices} devices`)
    // What was never done before takes longer.
    await offer(system, perSecond, 3, 'warm-up')
    await ended(system)
    const cpu = cpuOf(system)
    const asked = await offer(system, perSecond, seconds, 'measured')
    const lastAsked = Date.now()
    await ended(system)
    const drainedS = (Date.now() - lastAsked) / 1_000
    return await rowsOf(system, { perSecond, seconds, asked, drainedS, cpu: cpuOf(system) - cpu })
  } finally {
    await field.stop()
    await system.stop()
  }
}

/** When each command was asked for, and accepted, UTC milliseconds, at which time of asking, by its idempotency key. */
type Asked = ReadonlyMap<string, { readonly at: number; readonly acceptedAt: number; readonly times: number }>

const mostTimes = 100

async function offer({ nodeRed }: RunningSystem, perSecond: number, seconds: number, name: string): Promise<Asked> {
  const asked = new Map<string, { at: number; acceptedAt: number; times: number }>()
  const under: Promise<void>[] = []
  const start = performance.now()
  for (let n = 0; n < perSecond * seconds; n++) {
    await sleep(Math.max(0, start + (n * 1_000) / perSecond - performance.now()))
    under.push(ask(n))
  }
  await Promise.all(under)
  return asked

  async function ask(n: number): Promise<void> {
    const at = Date.now()
    const idempotencyKey = `bench-${name}-${n}`
    // Another power each time, so that its effect can be seen.
    const args = { p_setpoint_kw: 1 + (Math.floor(n / devices) % 2) * 4 + (name === 'warm-up' ? 2 : 0) }
    const body = JSON.stringify({ deviceId: idOf(n), type: 'set_point', args, idempotencyKey })
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body }
    for (let times = 1; ; times++) {
      const response = await nodeRed.admin.fetch('/api/commands', init)
      const text = await response.text()
      if (response.ok) return void asked.set(idempotencyKey, { at, acceptedAt: Date.now(), times })
      // Too much at once: it is asked again, which counts as waiting.
      if (response.status !== 503 || times === mostTimes) throw new Error(`refused: ${response.status} ${text}`)
      await sleep(100)
    }
  }
}

/** All devices on one connection: what they do is no part of what is measured. */
async function startField({ brokerUrl, field }: RunningSystem) {
  const client = await connectAsync(brokerUrl, { ...field, clientId: 'bench-field' })
  const say = (n: number, kw: number): void => {
    const payload = {
      ...{ deviceId: idOf(n), type: 'battery', timestamp: new Date().toISOString(), p_actual_kw: kw, p_max_kw: 10 },
      ...{ site_id: 'bench', feeder_id: 'bench' },
    }
    client.publish(`der/telemetry/${idOf(n)}`, JSON.stringify(payload), { qos: 1 })
  }
  client.on('message', (topic, bytes) => {
    const { command_id, control_number, phase, args } = JSON.parse(bytes.toString()) as CommandMessage
    if (phase !== 'operate') return
    const deviceId = topic.slice(topic.lastIndexOf('/') + 1)
    const answer = { command_id, control_number, device_id: deviceId, status: 'executed', at: new Date().toISOString() }
    client.publish(`grid/acks/${deviceId}`, JSON.stringify(answer), { qos: 1 })
    say(Number(deviceId.slice('bench-der-'.length)), Number(args['p_setpoint_kw']))
  })
  await client.subscribeAsync('grid/commands/+', { qos: 1 })
  return { say, stop: () => client.endAsync(true) }
}

async function register({ nodeRed: { admin } }: RunningSystem): Promise<void> {
  const enter = async (method: string, path: string, type: string, body: string): Promise<void> => {
    const response = await admin.fetch(path, { method, headers: { 'Content-Type': type }, body })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  }
  const ids = Array.from({ length: devices }, (_, n) => idOf(n))
  const rows = ids.map((id) => `${id},der,battery,bench,10`).join('\n')
  await enter('POST', '/api/registry/import/feeders', 'text/csv', 'feeder_id\nbench\n')
  await enter(
    ...(['POST', '/api/registry/import/devices', 'text/csv'] as const),
    `device_id,kind,der_type,feeder_id,rated_kw\n${rows}\n`,
  )
  for (const id of ids)
    await enter(
      ...(['PUT', `/api/devices/${id}/command-capabilities`, 'application/json'] as const),
      JSON.stringify(capabilities),
    )
}

const ended = ({ database }: RunningSystem): Promise<unknown> =>
  waitUntil(
    'every command to be over',
    async () => {
      const sql = `select count(*)::int as open from command where state in ('queued', 'dispatched', 'delivered', 'accepted', 'executed')`
      return (await database.row<{ open: number }>(sql)).open === 0
    },
    { withinMs: 300_000, everyMs: 250 },
  )

const cpuOf = ({ nodeRed }: RunningSystem): number => cpuSeconds(nodeRed.pid) ?? NaN

interface Measured {
  readonly perSecond: number
  readonly seconds: number
  readonly asked: Asked
  readonly drainedS: number
  readonly cpu: number
}

async function rowsOf({ database }: RunningSystem, measured: Measured): Promise<Row[]> {
  const { perSecond, seconds, asked, drainedS, cpu } = measured
  const reached = await database.query<{ key: string; state: string; at: number }>(
    `select idempotency_key as key, to_state as state, min(extract(epoch from recorded_at))::float8 * 1000 as at
     from command_transition join command_request using (command_id)
     where idempotency_key like 'bench-measured-%' group by 1, 2`,
  )
  const took = (state: string): number[] =>
    reached.filter((one) => one.state === state).map(({ key, at }) => at - asked.get(key)!.at)
  const confirmed = took('verified')
  const both = (name: string, sample: readonly number[]): Row => [
    name,
    `p50 ${msOf(percentile(sample, 0.5))}, p99 ${msOf(percentile(sample, 0.99))}`,
  ]
  return [
    [`${perSecond} commands/s for ${seconds} s`, `${confirmed.length} of ${asked.size} with confirmed effect`],
    ['  superseded by the next one to the same device, before they were sent', String(took('superseded').length)],
    both('  from the request to confirmed effect', confirmed),
    both(
      '  until it is accepted over HTTP',
      [...asked.values()].map(({ at, acceptedAt }) => acceptedAt - at),
    ),
    [
      '  of them asked for again, for the database was away',
      String([...asked.values()].filter(({ times }) => times > 1).length),
    ],
    both('  until it is written as sent', took('dispatched')),
    both('  until the device’s answer is stored', took('executed')),
    ['  after the last request all were over in', `${drainedS.toFixed(1)} s`],
    ['  CPU of Node-RED', `${cpu.toFixed(1)} s`],
    ['  load of the machine meanwhile', loadavg()[0]!.toFixed(1)],
  ]
}

const msOf = (ms: number | undefined): string => (ms === undefined ? '–' : `${Math.round(ms)} ms`)
