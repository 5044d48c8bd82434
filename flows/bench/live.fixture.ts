import { memoryOf } from '../node-red-process.fixture.ts'
import { type Followers, startLiveClients, type RunningLiveClients } from '../live-clients.fixture.ts'
import { waitUntil } from '../waiting.fixture.ts'
import type { LiveRow } from './figures.ts'
import { type LiveContender, startLinhaVivaLive } from './linha-viva.fixture.ts'
import { measure } from './measure.fixture.ts'
import type { Bench } from './measurements.fixture.ts'
import { benchDevices } from './readings.fixture.ts'

const perSecond = 5_000
/** Devices of one feeder's page. */
const pageDevices = 100

const page = (index: number): string[] =>
  Array.from({ length: pageDevices }, (_, n) => `bench-${(index * pageDevices + n) % benchDevices}`)
/** Every tenth of them is the client of our pages; the others read what comes, and make no objects of it. */
const as = (index: number): 'clients' | 'readers' => (index % 10 === 0 ? 'clients' : 'readers')
const pages = (count: number): Followers[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ count: 1, as: as(index) },
    topics: { devices: { maxHz: 1, filter: { keys: page(index) } }, feeders: { maxHz: 1 } },
  }))
const everything = (count: number): Followers[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ count: 1, as: as(index) },
    topics: { devices: { maxHz: 1 }, feeders: { maxHz: 1 } },
  }))
const stalled: Followers = { count: 1, as: 'stalled', topics: { devices: { maxHz: 10 } } }

/** What 300 clients look at: 299 that read, and one that does not. */
const audiences: readonly (readonly [name: string, followers: readonly Followers[]])[] = [
  [`250 on ${pageDevices} devices, 49 on all, 1 stalled`, [...pages(250), ...everything(49), stalled]],
  ['299 on all devices, 1 stalled', [...everything(299), stalled]],
]

/** The same rate of readings without clients and with 300 of them, in turns: a busy machine is as busy for both. */
export async function measureLive(bench: Bench): Promise<void> {
  const contender = await startLinhaVivaLive({ ...bench.env, LIVE_MAX_CLIENTS_PER_USER: '400' })
  try {
    // Devices register, code is compiled, partitions are made.
    await measure(contender, { shape: 'singles', perSecond, seconds: 5 })
    for (const [name, followers] of audiences) {
      await tell('no clients', contender, undefined, bench)
      const url = `${contender.url.replace('http', 'ws')}/api/live`
      const clients = startLiveClients({ url, token: await contender.operator.token(), followers })
      try {
        await waitUntil('the clients', async () => {
          const { clients: reading, informed } = await clients.report()
          return reading === informed
        })
        await tell(name, contender, clients, bench)
      } finally {
        await clients.stop()
      }
    }
    await tell('no clients', contender, undefined, bench)
  } catch (error) {
    bench.progress(contender.lastLines())
    throw error
  } finally {
    await contender.stop()
  }
}

async function tell(
  name: string,
  contender: LiveContender,
  clients: RunningLiveClients | undefined,
  { seconds, figures, progress }: Bench,
): Promise<void> {
  const before = await contender.operator.fetch('/metrics').then(streamCounts)
  const began = performance.now()
  const watch = { mostMb: 0, mostWaitingBytes: 0, droppedAfterS: undefined as number | undefined }
  const watching = setInterval(() => {
    watch.mostMb = Math.max(watch.mostMb, memoryOf(contender.nodeRed.pid)?.now ?? 0)
    void contender.operator
      .fetch('/metrics')
      .then(streamCounts)
      .then(({ dropped, waitingBytes }) => {
        watch.mostWaitingBytes = Math.max(watch.mostWaitingBytes, waitingBytes)
        if (dropped > before.dropped) watch.droppedAfterS ??= (performance.now() - began) / 1_000
      })
      // An answer that does not come is no figure.
      .catch(() => undefined)
  }, 1_000)
  const first = await clients?.report()
  const run = await measure(contender, { shape: 'singles', perSecond, seconds: seconds.live })
  clearInterval(watching)
  const last = await clients?.report()
  const row: LiveRow = {
    ...{ name, run, ...watch },
    ...(first &&
      last && {
        delay: last.delay,
        gaps: last.gaps,
        reconnections: last.connections - last.clients,
        clientCores: (last.cpuSeconds - first.cpuSeconds) / ((performance.now() - began) / 1_000),
      }),
  }
  figures.live.push(row)
  if (run.lost > 0) figures.faults.push(`with ${name}, ${run.lost} of ${run.published} readings were lost`)
  if (clients && watch.droppedAfterS === undefined)
    figures.faults.push(`with ${name}, the stalled client was not dropped`)
  progress(
    `live, ${name}: published ${run.perSecond.toFixed(0)}/s, stored after ${run.tailSeconds.toFixed(1)} s, ` +
      `client delay p50 ${row.delay?.p50 ?? '–'} ms, most memory ${watch.mostMb.toFixed(0)} MB`,
  )
}

async function streamCounts(response: Response): Promise<{ dropped: number; waitingBytes: number }> {
  const text = await response.text()
  const metric = (name: string): number => Number(new RegExp(`^linhaviva_stream_${name} (\\S+)`, 'm').exec(text)?.[1])
  return { dropped: metric('dropped_total'), waitingBytes: metric('waiting_bytes') }
}
