import type { Role } from '../../../platform/access/roles.ts'
import { passwordOf } from '../../../platform/access/users.fixture.ts'
import type { ApiReply, TestApi } from '../../../platform/http/api.fixture.ts'
import { platformClock } from '../../../platform/clock/clock.ts'
import type { Database } from '../../../platform/storage/database.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { say } from '../interlocks/switching.fixture.ts'
import type { CommandRequest } from './command-request.ts'

/**
 * Devices of each kind: `meter-1`, `sw-1`, `der-1` (10 kW), `panel-1`; and `sw-pending`, which nobody has let in. The switches lie one
 * behind the other, closed, as they have just said.
 */
export async function enterDevices(database: Database): Promise<void> {
  await database.query(
    `insert into device (device_id, kind, status, rated_kw) values ('meter-1', 'meter', 'active', null),
       ('sw-1', 'switch', 'active', null), ('sw-2', 'switch', 'active', null), ('der-1', 'der', 'active', 10),
       ('panel-1', 'panel', 'active', 0.4), ('sw-pending', 'switch', 'pending', null)`,
  )
  await database.query(`insert into network_source (source_id, section_id) values ('src-1', 'section-1')`)
  await database.query(`insert into network_switch (switch_id, section_a, section_b, normally_closed, load_break)
    values ('sw-1', 'section-1', 'section-2', true, true), ('sw-2', 'section-2', 'section-3', true, true)`)
  for (const switchId of ['sw-1', 'sw-2']) await say(database, switchId, { at: platformClock.now() })
}

let keys = 0

/** A request with a key of its own. */
export const aRequest = (of: Partial<CommandRequest> = {}): CommandRequest => ({
  ...{ deviceId: 'meter-1', type: 'read_now', idempotencyKey: `test-key-${++keys}` },
  ...of,
})

/** Asks for a command over HTTP as somebody who gives the password again, as the dry run says it is needed. */
export async function postProven(api: TestApi, role: Role, request: CommandRequest): Promise<ApiReply> {
  const proof = await proofFor(api, role, request)
  return api.as(role).post('/api/commands', { ...request, proof })
}

/** That a user of this role has given the password again for a request. */
export async function proofFor(api: TestApi, role: Role, request: CommandRequest): Promise<string> {
  const { body: dry, text } = await api.as(role).post('/api/commands/dry-run', request)
  if (dry.requestHash === undefined) throw new Error(`no dry run: ${text}`)
  const purpose = { action: 'command', target: request.deviceId, bodyHash: dry.requestHash as string }
  const { body } = await api.as(role).post('/api/auth/proof', { password: passwordOf(role), ...purpose })
  return body.proof as string
}

/** What the access log has of an event, the newest first: `username subject detail`. */
export async function loggedOf(queries: Queries, event: string): Promise<string[]> {
  const rows = await queries.query<{ line: string }>(
    `select concat_ws(' | ', username, subject, detail) as line from access_log where event = $1 order by at desc`,
    [event],
  )
  return rows.map(({ line }) => line)
}
