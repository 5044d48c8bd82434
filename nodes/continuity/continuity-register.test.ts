import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, before, describe, it } from 'mocha'
import { startFlow, type TestFlow } from '../../platform/node/flow.fixture.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { installation } from '../../platform/runtime/installation.ts'
import postgresql from '../../platform/storage/postgresql.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import continuityRegister from './continuity-register.ts'
import { registers } from './registers/registers.ts'
import { seedConjuntos } from './registers/seeded-conjuntos.fixture.ts'

describe('continuity register', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let flow: TestFlow

  before(() => seedConjuntos(test.database, ['12345']))
  afterEach(() => flow.stop())

  const start = async (register?: string, port?: number): Promise<void> => {
    const { host, database, user, password } = test.login
    flow = await startFlow(
      [postgresql, continuityRegister],
      [
        { id: 'db', type: 'linhaviva-postgresql', host, port: String(port ?? test.login.port), database, user },
        {
          ...{ id: 'register', type: 'linhaviva-continuity-register', name: 'dispatch', database: 'db' },
          ...(register !== undefined && { register }),
          wires: [['entered']],
        },
        { id: 'entered', type: 'helper', wires: [] },
      ],
      { db: { password } },
    )
  }
  const sent = (count: number) =>
    waitUntil('what was entered', () => flow.received('entered').length >= count && flow.received('entered'))
  const opened = {
    ...{ occurrenceId: 'OC-1', conjuntoId: '12345', openedAt: '2026-03-10T14:00:00-03:00', withInterruption: true },
  }

  it('takes occurrences as they go on, in their order, and tells what it did', async () => {
    await start()
    const openedAt = Date.parse(opened.openedAt)
    flow.send('register', { topic: 'dispatch', payload: opened })
    flow.send('register', { payload: [{ ...opened, dispatched_at: openedAt + 60_000 }] })
    flow.send('register', { payload: opened })
    const messages = await sent(3)
    assert.deepEqual(
      messages.map(({ payload }) => payload),
      [
        { register: 'emergency-occurrences', added: 1, changed: 0, unchanged: 0 },
        { register: 'emergency-occurrences', added: 0, changed: 1, unchanged: 0 },
        { register: 'emergency-occurrences', added: 0, changed: 0, unchanged: 1 },
      ],
    )
    assert.equal(messages[0]!.topic, 'dispatch')
    const rows = await test.database.query(
      `select extract(epoch from dispatched_at)::float8 * 1000 as at, entered_by as by
       from emergency_occurrence join register_entry using (entry_id)`,
    )
    assert.deepEqual(rows, [{ at: openedAt + 60_000, by: 'node dispatch' }])
    await flow.showed('register', 'continuity-register.status.entered')
    assert.deepEqual(flow.errors(), [])
  })

  it('takes a file, as text and as bytes', async () => {
    await start('emergency-days')
    flow.send('register', { payload: 'conjunto_id;day;occurrences\n12345;2024-01-01;7\n12345;2024-01-02;0' })
    flow.send('register', { payload: Buffer.from('conjunto_id,day,occurrences\n12345,2024-01-02,1\n') })
    const [first, second] = await sent(2)
    assert.deepEqual(
      [first!.payload, second!.payload],
      [
        { register: 'emergency-days', added: 2, changed: 0, unchanged: 0 },
        { register: 'emergency-days', added: 0, changed: 1, unchanged: 0 },
      ],
    )
  })

  it('tells every fault with its line and field, enters nothing of it, and goes on', async () => {
    await start('emergency-days')
    flow.send('register', {
      payload: [
        { conjuntoId: '12345', day: '2024-02-01', occurrences: 1 },
        { conjuntoId: '12345', day: '2024-02-30', occurrences: -1 },
        { conjuntoId: 'nobody', day: '2024-02-02', occurrences: 1, crew: 7 },
      ],
    })
    flow.send('register', { payload: { conjuntoId: '12345', day: '2024-02-03', occurrences: 1 } })
    await sent(1)
    assert.deepEqual(flow.errors().join('\n').split('\n'), [
      'ImportError: emergency-days line 2: day is "2024-02-30", not a day (2026-03-31)',
      'emergency-days line 2: occurrences is "-1", not from 0 to 1000000',
      'emergency-days line 3: has the unknown field "crew": conjunto_id, conjuntoId, day, occurrences',
      'emergency-days line 3: conjunto_id is "nobody", a conjunto that the registry does not have',
    ])
    await flow.showed('register', 'continuity-register.status.refused')
    const days = await test.database.query("select day::text from emergency_day_count where day >= '2024-02-01'")
    assert.deepEqual(days, [{ day: '2024-02-03' }])
  })

  it('lets a hundred messages wait, and says so to the ones beyond', async () => {
    await start('emergency-days')
    const payload = { conjuntoId: '12345', day: '2024-03-01', occurrences: 1 }
    for (let count = 0; count < 110; count++) flow.send('register', { payload })
    await sent(100)
    await waitUntil('the errors', () => flow.errors().length === 10)
    for (const error of flow.errors()) assert.match(error, /100 messages wait already: this one was not taken$/)
    assert.equal(flow.received('entered').length, 100)
  })

  for (const payload of [undefined, null, 7, true])
    it(`refuses ${String(payload)}`, async () => {
      await start()
      flow.send('register', { payload })
      await waitUntil('the error', () => flow.errors().length === 1)
      assert.match(flow.errors()[0]!, /^TypeError: payload is \w+: it takes rows, or CSV as text$/)
    })

  it('says that the database is away', async () => {
    await start(undefined, 1)
    flow.send('register', { payload: opened })
    await waitUntil('the error', () => flow.errors().length === 1)
    assert.match(flow.errors()[0]!, /^DatabaseUnavailable: /)
  })

  it('takes no register that there is not', async () => {
    await start('no-such')
    await flow.showed('register', /^register is "no-such": it takes conjunto-limits, /)
  })

  it('has every register in its form', async () => {
    await start()
    const html = readFileSync(join(installation, 'nodes/continuity/continuity-register.html'), 'utf8')
    const offered = [...html.matchAll(/<option value="([^"]+)"/g)].map(([, name]) => name!)
    assert.deepEqual(offered.toSorted(), registers.map(({ name }) => name).toSorted())
  })
})
