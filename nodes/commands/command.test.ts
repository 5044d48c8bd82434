import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { after, afterEach, before, describe, it } from 'mocha'
import { useAccess } from '../../platform/access/access.fixture.ts'
import type { ProofPurpose } from '../../platform/access/proof.ts'
import type { Role } from '../../platform/access/roles.ts'
import { passwordOf } from '../../platform/access/users.fixture.ts'
import { startFlow, type Message, type TestFlow } from '../../platform/node/flow.fixture.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { readEnvironment } from '../../platform/runtime/environment.ts'
import { runServices } from '../../platform/runtime/running.ts'
import postgresql from '../../platform/storage/postgresql.ts'
import command from './command.ts'
import { changeCommands } from './keeper/change-commands.ts'
import type { CommandAccepted, CommandConditions, CommandStep, CommandSteps } from './messages.ts'
import { requestHashOf, type CommandRequest } from './requests/command-request.ts'

describe('command', function () {
  this.timeout(60_000)
  const suite = useAccess()
  let flow: TestFlow
  let keys = 0

  before(async () => {
    const { access } = suite
    const environment = readEnvironment({ DATA_DIR: tmpdir() })
    runServices({ access, environment, database: suite.test.database } as Parameters<typeof runServices>[0])
    await suite.test.database.query(
      `insert into device (device_id, kind, status, first_seen_at) values
         ('meter-1', 'meter', 'active', to_timestamp(0)), ('meter-2', 'meter', 'active', to_timestamp(0))`,
    )
  })
  after(() => runServices(undefined))
  afterEach(() => flow.stop())

  const run = async (): Promise<void> => {
    const { host, port, database, user, password } = suite.test.login
    flow = await startFlow(
      [postgresql, command],
      [
        { id: 'db', type: 'linhaviva-postgresql', host, port: String(port), database, user },
        { id: 'command', type: 'linhaviva-command', database: 'db', wires: [['accepted'], ['steps'], ['conditions']] },
        ...['accepted', 'steps', 'conditions'].map((id) => ({ id, type: 'helper', wires: [] })),
      ],
      { db: { password } },
    )
    // Steps are told of from now on.
    await waitUntil('its place in the log', async () => {
      const rows = await suite.test.database.query<{ position: number }>(
        `select position from consumer_cursor where log = 'commands' and consumer = 'command command' and position > 0`,
      )
      return rows.length > 0
    })
  }
  const request = (more: Partial<CommandRequest> = {}): CommandRequest => ({
    ...{ deviceId: 'meter-1', type: 'read_now', idempotencyKey: `test-key-${++keys}` },
    ...more,
  })
  async function proofOf(role: Role, asked: CommandRequest, more: Partial<ProofPurpose> = {}): Promise<string> {
    const caller = { address: '192.0.2.1' }
    const login = await suite.access.login(role, passwordOf(role), caller)
    const purpose = { action: 'command', target: asked.deviceId, bodyHash: requestHashOf(asked), ...more }
    return (await suite.access.prove(login!.identity, passwordOf(role), purpose, caller))!.proof
  }
  const accepted = () =>
    waitUntil('what was accepted', () => flow.received('accepted').at(-1) as (Message & CommandAccepted) | undefined)
  async function refused(message: object): Promise<string> {
    const count = flow.errors().length
    flow.send('command', message)
    await waitUntil('a refusal', () => flow.errors().length > count)
    return flow.errors().at(-1)!
  }
  const steps = (): readonly CommandStep[] =>
    (flow.received('steps') as unknown as CommandSteps[]).flatMap(({ payload }) => payload)
  const requestedBy = async (commandId: string) =>
    (await suite.test.database.query('select requested_by from command where command_id = $1', [commandId]))[0]

  it('takes a request for whom its proof names, passes the message on, and tells every step', async () => {
    await run()
    const asked = request()
    flow.send('command', { payload: asked, proof: await proofOf('operator', asked), carried: 'on', user: 'admin' })
    const message = await accepted()
    const { commandId, isRepeated } = message.payload
    assert.deepEqual([message.topic, isRepeated], ['commands/accepted', false])
    assert.equal((message as unknown as { carried: string }).carried, 'on')
    assert.ok(!('proof' in message))
    assert.deepEqual(await requestedBy(commandId), { requested_by: 'operator' })
    await waitUntil('its first step', () => steps().length > 0)
    const { from, to, type, deviceId } = steps()[0]!
    assert.deepEqual([from, to, type, deviceId], [null, 'queued', 'read_now', 'meter-1'])
    const event = { kind: 'cancelled', reason: 'not needed' } as const
    await suite.test.database.transaction((client) =>
      changeCommands(client, [{ commandId, event, by: { username: 'ana' } }], Date.now()),
    )
    await waitUntil('its end', () => steps().some(({ to: state }) => state === 'cancelled'))
    assert.deepEqual([steps().length, steps().at(-1)!.username], [2, 'ana'])
    await flow.showed('command', 'command.status.open')
  })

  it('believes nothing else of a message: without a good proof nobody asks', async () => {
    await run()
    const asked = request()
    const proof = await proofOf('operator', asked)
    assert.match(await refused({ payload: asked }), /^CommandRefused: proof-needed: /)
    const _client = { username: 'operator', role: 'operator', sessionId: crypto.randomUUID() }
    assert.match(await refused({ payload: asked, _client, user: 'admin' }), /^CommandRefused: proof-needed: /)
    const forged = `${proof.slice(0, -4)}AAAA`
    for (const bad of [forged, await proofOf('operator', asked, { action: 'open' }), 'x', '', 7, { proof }])
      assert.match(await refused({ payload: asked, proof: bad }), /^CommandRefused: proof-(needed|refused): /)
    // Another device, and another request, than the password was given for.
    assert.match(await refused({ payload: { ...asked, deviceId: 'meter-2' }, proof }), /proof-refused/)
    assert.match(await refused({ payload: { ...asked, type: 'reboot' }, proof: await proofOf('operator', asked) }), /proof-refused/) // prettier-ignore
    assert.match(
      await refused({ payload: asked, proof: await proofOf('viewer', asked) }),
      /^CommandRefused: wrong-role: the role viewer does not have the right operate$/,
    )
    assert.equal(flow.received('accepted').length, 0)
    const logged = await waitUntil('the access log', async () => {
      const entries = await suite.access.accessLog({ event: 'command_refused', username: null }, null, 50)
      return entries.length >= 11 && entries
    })
    assert.ok(logged.every(({ subject }) => /^(read_now|reboot) meter-[12]$/.test(subject ?? '')))
  })

  it('takes a proof once: a second message with it is refused, and the same request with a new one is the same command', async () => {
    await run()
    const asked = request()
    const proof = await proofOf('operator', asked)
    flow.send('command', { payload: asked, proof })
    const first = (await accepted()).payload
    assert.match(await refused({ payload: { ...asked, idempotencyKey: 'another-key-1' }, proof }), /proof-refused/)
    flow.send('command', { payload: asked, proof: await proofOf('operator', asked) })
    await waitUntil('it again', () => flow.received('accepted').length === 2)
    assert.deepEqual((await accepted()).payload, { commandId: first.commandId, isRepeated: true })
  })

  it('says which field is at fault', async () => {
    await run()
    assert.match(await refused({ payload: 'open' }), /^CommandRefused: .*payload/)
    assert.match(await refused({ payload: request({ type: 'explode' as never }) }), /payload.type is "explode": it must be one of open,/) // prettier-ignore
    assert.match(await refused({ payload: { ...request(), user: 'admin' } }), /payload.user is not known here/)
  })

  it('says what is amiss, for alarms', async () => {
    await run()
    const asked = request({ deviceId: 'meter-2' })
    flow.send('command', { payload: asked, proof: await proofOf('operator', asked) })
    const { commandId } = (await accepted()).payload
    const now = Date.now()
    const act = (event: Parameters<typeof changeCommands>[1][number]) =>
      suite.test.database.transaction((client) => changeCommands(client, [event], now))
    await act({ commandId, event: { kind: 'dispatching', controlNumber: 7 }, by: null })
    await act({ commandId, event: { kind: 'answered', status: 'rejected', reason: 'in local' }, by: null })
    const conditions = (): string[] =>
      (flow.received('conditions') as unknown as CommandConditions[])
        .flatMap(({ payload }) => payload)
        .map(({ key, state }) => `${key} ${state}`)
    await waitUntil('its condition', () => conditions().length > 0)
    assert.deepEqual(conditions(), ['commands/command-failed/meter-2 active'])
  })
})
