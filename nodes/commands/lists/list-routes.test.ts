import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { changeCommands, type CommandChange } from '../keeper/change-commands.ts'
import { aMadeCommand, begun } from '../made-command.fixture.ts'
import { commandRoutes } from '../routes.ts'

describe('listing commands over HTTP', function () {
  this.timeout(60_000)
  const api = useApi({ routes: [commandRoutes] })
  const ids: string[] = []
  const change = (changes: readonly CommandChange[], now: number) =>
    api.database.database.transaction((client) => changeCommands(client, changes, now))
  before(async () => {
    await api.database.database.query(
      `insert into feeder (feeder_id, parent_feeder_id) values ('f-1', null), ('f-1-a', 'f-1'), ('f-2', null)`,
    )
    const made = [
      aMadeCommand({ deviceId: 'sw-1', type: 'open', feederId: 'f-1', requestReason: 'works' }),
      aMadeCommand({ deviceId: 'sw-2', type: 'close', feederId: 'f-1-a' }),
      aMadeCommand({ deviceId: 'm-1', type: 'read_now', feederId: 'f-2' }),
      aMadeCommand({ deviceId: 'm-2', type: 'read_now' }),
    ]
    ids.push(...made.map(({ commandId }) => commandId))
    const users = ['ana', 'ana', 'bia', 'bia']
    for (const [place, each] of made.entries())
      await change([{ made: each, by: { username: users[place]! } }], begun + Math.min(place, 2) * 1_000)
    await change([{ commandId: ids[0]!, event: { kind: 'dispatching', controlNumber: 7 }, by: null }], begun + 5_000)
    await change(
      [{ commandId: ids[3]!, event: { kind: 'cancelled', reason: 'late' }, by: { username: 'caio' } }],
      begun + 6_000,
    )
  })
  const list = async (query: string) => (await api.as('viewer').get(`/api/commands?${query}`)).body
  const listed = async (query: string): Promise<number[]> =>
    ((await list(query)).items as { commandId: string }[]).map(({ commandId }) => ids.indexOf(commandId))

  it('shows the newest first, by pages that neither skip nor repeat', async () => {
    const seen: number[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: { items: { commandId: string }[]; nextCursor: string | null } = await list(
        `limit=1${cursor && `&cursor=${cursor}`}`,
      )
      seen.push(...page.items.map(({ commandId }) => ids.indexOf(commandId)))
      cursor = page.nextCursor
    }
    assert.deepEqual(seen.slice(2), [1, 0])
    assert.deepEqual(new Set(seen), new Set([0, 1, 2, 3]))
  })

  it('tells them apart by device, feeder, type, state, author and time', async () => {
    for (const [query, expected] of [
      ['deviceId=sw-2', [1]],
      ['feederId=f-1', [1, 0]],
      ['feederId=f-1-a', [1]],
      ['types=open&types=close', [1, 0]],
      ['states=dispatched', [0]],
      ['inFlight=true', [0]],
      ['requestedBy=ANA', [1, 0]],
      ['states=queued&requestedBy=bia', [2]],
      [`since=${new Date(begun + 1_000).toISOString()}&until=${new Date(begun + 2_000).toISOString()}`, [1]],
    ] as const)
      assert.deepEqual(await listed(query), expected, query)
  })

  it('tells the whole life of one, with what the device answered', async () => {
    await api.database.database.query(
      `insert into command_ack (command_id, device_id, status, control_number, said_at, received_at, reason, add_cause)
       values ($1, 'sw-1', 'accepted', 7, to_timestamp($2 / 1000.0), to_timestamp($2 / 1000.0), 'ok', 0)`,
      [ids[0], begun + 5_500],
    )
    const { status, body, text } = await api.as('viewer').get(`/api/commands/${ids[0]}`)
    assert.equal(status, 200, text)
    const { state, attempts, controlNumber, isInFlight, reason, requestedBy } = body
    assert.deepEqual(
      { state, attempts, controlNumber, isInFlight, reason, requestedBy },
      { state: 'dispatched', attempts: 1, controlNumber: 7, isInFlight: true, reason: 'works', requestedBy: 'ana' },
    )
    assert.deepEqual(
      body.timeline.map(({ fromState, toState, username }: Record<string, string>) => [fromState, toState, username]),
      [
        [null, 'queued', 'ana'],
        ['queued', 'dispatched', null],
      ],
    )
    assert.deepEqual(
      body.acks.map(({ status, saidAt, hadEffect }: Record<string, unknown>) => [status, saidAt, hadEffect]),
      [['accepted', new Date(begun + 5_500).toISOString(), false]],
    )
  })

  it('goes out as CSV, and refuses a time that ends before it begins', async () => {
    const { text } = await api.as('viewer').get('/api/commands?deviceId=sw-1', { accept: 'text/csv' })
    const [names, row] = text.split('\r\n')
    assert.ok(names!.startsWith('commandId,deviceId,feederId,ofUnit,type,state'), names)
    assert.ok(row!.startsWith(`${ids[0]},sw-1,f-1,false,open,dispatched`), row)
    assert.equal(
      (await api.as('viewer').get('/api/commands?since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z')).status,
      400,
    )
    assert.equal((await api.as('viewer').get(`/api/commands/${crypto.randomUUID()}`)).status, 404)
  })
})
