/** The process of a KeeperProcess: what it is offered it confirms when it is stored. */
import type { RootCauses } from '../../../platform/conditions/root-causes.ts'
import { Database } from '../../../platform/storage/database.ts'
import { defaultTable } from '../domain/default-table.ts'
import { AlarmKeeper } from './alarm-keeper.ts'
import type { Answer, KeeperTask, Offer } from './keeper-process.fixture.ts'

const sampleEveryMs = 50

function keep({ login, now, outagesSince }: KeeperTask): void {
  const outages: RootCauses = {
    kind: 'continuity/outage',
    at: (_queries, places) =>
      Promise.resolve(
        places.map(({ deviceId }) => {
          const [event, number] = deviceId?.split('.') ?? []
          return number === undefined ? null : { key: `continuity/outage/${event}`, since: outagesSince }
        }),
      ),
  }
  const keeper = new AlarmKeeper(new Database(login), {
    ...{ clock: { now: () => now }, clockIsSet: () => true, table: () => defaultTable, causes: () => [outages] },
    historyMs: 1e11,
    report: (fault) => process.stderr.write(`${String(fault)}\n`),
  })
  let [heapBytes, waiting] = [0, 0]
  const sample = (): void => {
    heapBytes = Math.max(heapBytes, process.memoryUsage().heapUsed)
    waiting = Math.max(waiting, keeper.waiting)
  }
  setInterval(sample, sampleEveryMs)
  process.on('message', ({ offer, conditions }: Offer) => {
    const answer = (refused?: string): void => {
      sample()
      const { user, system } = process.cpuUsage()
      const peaks = { heapMb: heapBytes / 2 ** 20, waiting, cpuSeconds: (user + system) / 1e6 }
      process.send!({ offer, peaks, ...(refused !== undefined && { refused }) } satisfies Answer)
    }
    keeper.take(conditions).then(
      () => answer(),
      (error: unknown) => answer(String(error)),
    )
  })
}

// Whoever started us is gone.
process.once('disconnect', () => process.exit(1))
process.once('message', (task) => keep(task as KeeperTask))
