import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, describe, it } from 'mocha'
import type { NodeAPI } from 'node-red'
import type { Role } from '../../platform/access/roles.ts'
import { keysOf, signToken } from '../../platform/access/token.ts'
import { passwordOf } from '../../platform/access/users.fixture.ts'
import { kindsByName } from '../../platform/approval/kinds.ts'
import { approvalRoutes } from '../../platform/approval/routes.ts'
import { verifyDatabase } from '../../platform/audit/audit-commands.ts'
import { entriesAfter, headOf } from '../../platform/audit/audit-repository.ts'
import { devicesFile } from '../../platform/broker/devices-file.ts'
import { useApi } from '../../platform/http/api.fixture.ts'
import { startFlow, type TestFlow } from '../../platform/node/flow.fixture.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { entryOfRefusal } from '../../platform/runtime/broker-refusals.ts'
import { startEmbeddedBroker } from '../../platform/runtime/embedded-broker.ts'
import { runServices } from '../../platform/runtime/running.ts'
import { Database } from '../../platform/storage/database.ts'
import postgresql from '../../platform/storage/postgresql.ts'
import command from './command.ts'
import { commandKind } from './requests/command-approval.ts'
import { aRequest, enterDevices, postProven, proofFor } from './requests/requests.fixture.ts'
import type { CommandRequest } from './requests/command-request.ts'
import { commandRoutes } from './routes.ts'

const nodeRed = createRequire(import.meta.url).resolve('node-red')
const stockMqtt = createRequire(nodeRed)('@node-red/nodes/core/network/10-mqtt.js') as (RED: NodeAPI) => void

describe('attacks on commands: refused, and in the audit', function () {
  this.timeout(60_000)
  after(() => runServices(undefined))
  const api = useApi({ routes: [commandRoutes, approvalRoutes(() => kindsByName([commandKind]))] })
  const database = () => api.database.database
  let flow: TestFlow | undefined
  let began: number
  let commandsBefore: number
  before(async () => {
    await enterDevices(database())
    runServices(api.services)
  })
  afterEach(async () => {
    await flow?.stop()
    flow = undefined
    const lines: string[] = []
    assert.ok(await verifyDatabase(database(), undefined, Date.now(), (line) => lines.push(line)), lines.join('\n'))
  })

  const countOf = async (): Promise<number> =>
    (
      await database().query<{ n: number }>(`select count(*)::int as n from command where state <> 'pending_approval'`)
    )[0]!.n
  /** From here on nothing may be sent. */
  async function begin(): Promise<void> {
    began = (await headOf(database())).seq
    commandsBefore = await countOf()
  }
  /** Waits for the entry of the audit that has all of these, and sees that no command came of it. */
  async function inAudit(actor: string | null, ...words: readonly string[]): Promise<void> {
    await waitUntil(`an entry with ${words.join(', ')}`, async () => {
      const entries = await entriesAfter(database(), began, 1_000)
      return entries.some(({ content }) => {
        const said = JSON.parse(content!) as { actor: string | null }
        return said.actor === actor && words.every((word) => content!.includes(word))
      })
    })
    assert.equal(await countOf(), commandsBefore)
  }
  const trip = (): CommandRequest => aRequest({ deviceId: 'sw-1', type: 'trip', reason: 'a pole is on fire' })
  const open = (): CommandRequest => aRequest({ deviceId: 'sw-2', type: 'open', reason: 'works' })

  interface Pending {
    readonly commandId: string
    readonly bodyHash: string
    readonly approvalId: number
  }
  const pending = async (by: Role): Promise<Pending> => (await postProven(api, by, open())).body as Pending
  const approve = (role: Role, { commandId, bodyHash }: Pending) =>
    api.as(role).post(`/api/commands/${commandId}/approve`, { bodyHash })

  it('a forged proof', async () => {
    await begin()
    const request = trip()
    // Signed with the key of tokens, and by nobody.
    const claims = { username: 'admin', sessionId: crypto.randomUUID(), expiresAt: Date.now() + 60_000 }
    const token = await signToken(keysOf('another secret of somebody else, long enough').token, claims, Date.now())
    for (const proof of [token, `${token.split('.').slice(0, 2).join('.')}.`]) {
      const { status, body } = await api.as('operator').post('/api/commands', { ...request, proof })
      assert.deepEqual([status, body.code], [403, 'proof-refused'])
    }
    await inAudit('operator', 'command_refused', 'trip sw-1', 'proof-refused')
  })

  it('a proof that was used before', async () => {
    const request = trip()
    const proof = await proofFor(api, 'operator', request)
    assert.equal((await api.as('operator').post('/api/commands', { ...request, proof })).status, 201)
    await begin()
    const { status, body } = await api.as('operator').post('/api/commands', { ...trip(), proof })
    assert.deepEqual([status, body.code], [403, 'proof-refused'])
    await inAudit('operator', 'command_refused', 'proof-refused')
  })

  it('an approver who is the author', async () => {
    const made = await pending('engineer')
    await begin()
    assert.equal((await approve('engineer', made)).status, 403)
    await inAudit('engineer', 'command_refused', made.commandId, 'whoever proposed it')
  })

  it('an approval that has expired', async () => {
    const made = await pending('operator')
    const owner = new Database(api.database.owner)
    await owner.transaction(async (client) => {
      await client.query('alter table approval disable trigger proposal_stands')
      const ended = `update approval set expires_at = proposed_at + interval '1 microsecond' where approval_id = $1`
      await client.query(ended, [made.approvalId])
      await client.query('alter table approval enable trigger proposal_stands')
    })
    await owner.close()
    await begin()
    assert.equal((await approve('engineer', made)).status, 409)
    await inAudit('engineer', 'command_refused', made.commandId, 'expired')
  })

  it('a body that was changed after it was shown, and one that was changed in the database', async () => {
    const made = await pending('operator')
    await begin()
    const { status, body } = await approve('engineer', { ...made, bodyHash: 'f'.repeat(64) })
    assert.deepEqual([status, body.code], [409, 'another-body'])
    await inAudit('engineer', 'command_refused', made.commandId, 'another-body')
    await database().query(`update command set args = '{"x": 1}' where command_id = $1`, [made.commandId])
    assert.equal((await approve('engineer', made)).status, 409)
    await inAudit('engineer', 'command_refused', made.commandId, 'not what was proposed')
  })

  it("a viewer's token", async () => {
    await begin()
    const { status, body } = await api.as('viewer').post('/api/commands', trip())
    assert.deepEqual([status, body.code], [403, 'wrong-role'])
    await inAudit('viewer', 'command_refused', 'trip sw-1', 'wrong-role')
  })

  it('a message straight into the command node, whoever it says it is of', async () => {
    await begin()
    const { host, port, database: name, user, password } = api.database.login
    flow = await startFlow(
      [postgresql, command],
      [
        { id: 'db', type: 'linhaviva-postgresql', host, port: String(port), database: name, user },
        { id: 'command', type: 'linhaviva-command', database: 'db', wires: [['accepted'], [], []] },
        { id: 'accepted', type: 'helper', wires: [] },
      ],
      { db: { password } },
    )
    const request = trip()
    const ofAnother = await proofFor(api, 'viewer', request).catch(() => 'none')
    const messages = [
      { payload: request },
      { payload: request, proof: true, _client: { username: 'admin', role: 'admin', sessionId: crypto.randomUUID() } },
      { payload: request, proof: await api.tokenOf('admin'), username: 'admin' },
      { payload: request, proof: ofAnother },
    ]
    for (const [index, message] of messages.entries()) {
      flow.send('command', message)
      await waitUntil('its refusal', () => flow!.errors().length === index + 1)
      assert.match(flow.errors().at(-1)!, /proof/)
    }
    assert.deepEqual(flow.received('accepted'), [])
    await inAudit(null, 'command_refused', 'trip sw-1', 'proof')
  })

  it('a stock mqtt out to grid/commands/x', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'attacks-'))
    const told: string[] = []
    const broker = await startEmbeddedBroker({
      ...{ host: '127.0.0.1', port: 0, webSocketPort: 0 },
      access: { passwords: { flows: passwordOf('engineer') }, devicesFile: devicesFile(folder) },
      // As the supervisor does, to which the broker's process tells it.
      onRefused: (refusals) => refusals.forEach((refusal) => api.services.access.noteAccess(entryOfRefusal(refusal))),
      log: (line) => told.push(line),
    })
    try {
      await begin()
      flow = await startFlow(
        [stockMqtt],
        [
          {
            id: 'broker',
            type: 'mqtt-broker',
            broker: '127.0.0.1',
            port: String(broker.port),
            clientid: 'engineer-flow',
          },
          {
            id: 'out',
            type: 'mqtt out',
            topic: 'grid/commands/x',
            qos: '1',
            retain: 'false',
            broker: 'broker',
            wires: [],
          },
        ],
        { broker: { user: 'flows', password: passwordOf('engineer') } },
      )
      await flow.showed('out', /status\.connected/)
      flow.send('out', { payload: { command_id: crypto.randomUUID(), phase: 'operate', type: 'open' } })
      await waitUntil('the refusal', () => told.some((line) => line.includes('grid/commands/x')))
      await inAudit('flows', 'mqtt_refused', 'grid/commands/x', 'no right to publish there')
    } finally {
      await flow?.stop()
      flow = undefined
      await broker.stop()
      rmSync(folder, { recursive: true })
    }
  })
})
