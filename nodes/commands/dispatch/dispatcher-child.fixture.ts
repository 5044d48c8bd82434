/** A dispatcher in a process of its own, which ends, as if killed, at the first edge that it is told. */
import type { IClientOptions } from 'mqtt'
import { Database } from '../../../platform/storage/database.ts'
import type { DatabaseLogin } from '../../../platform/runtime/embedded-database.ts'
import { Dispatcher, type DispatchEdge } from './dispatcher.ts'

export interface DispatcherTask {
  readonly login: DatabaseLogin
  readonly url: string
  readonly connection: IClientOptions
  readonly now: number
  readonly endAt: DispatchEdge
}

process.once('message', ({ login, url, connection, now, endAt }: DispatcherTask) => {
  new Dispatcher(new Database(login), {
    ...{ url, connection, secret: 'secret of a test', clock: { now: () => now } },
    ...{ clockIsSet: () => true, forbidding: async (_queries, intended) => intended.map(() => []) },
    report: (fault) => process.stderr.write(`${String(fault)}\n`),
    reached: (edge) => void (edge === endAt && process.kill(process.pid, 'SIGKILL')),
  })
})
// Whoever started us is gone.
process.once('disconnect', () => process.exit(1))
