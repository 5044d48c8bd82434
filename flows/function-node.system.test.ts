import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { startLoad } from './field-load.fixture.ts'
import type { FlowNode } from './node-red-process.fixture.ts'
import { type RunningSystem, startSystem } from './running-system.fixture.ts'
import { assertEachOnce, assertRollupsExact, rollupsUpToDate, storedReaches } from './stored-truth.fixture.ts'
import { say, waitUntil } from './waiting.fixture.ts'

const perPhase = 3_000
const perSecond = 1_500
const functionId = 'engineers-function'

/** What an engineer might write, on purpose or not. */
const functions = {
  'passes the message on': 'return msg',
  'now and then returns nothing': 'if (Math.random() < 0.3) return null\nreturn msg',
  'throws for some batches': 'if (Math.random() < 0.3) throw new Error("a slip")\nreturn msg',
  'sends on every batch twice, the second time late':
    'setTimeout(() => node.send(msg), 500 * Math.random())\nreturn RED.util.cloneMessage(msg)',
  'drops the batch number': 'if (Math.random() < 0.3) delete msg.batchId\nreturn msg',
} as const

/** Nonsense in place of what was measured, in every third reading. */
const nonsense =
  'msg.payload.forEach((reading, i) => { if (i % 3 === 0) reading.values.p_actual_kw = NaN })\nreturn msg'

describe("an engineer's function node between telemetry in and telemetry store", function () {
  this.timeout(120_000)
  let system: RunningSystem
  let published = 0
  let start: number

  before(async () => {
    system = await startSystem({ broker: 'embedded' })
    start = Date.now()
    // What went missing is emitted again sooner than after the half minute of the shipped flow.
    await system.nodeRed.deploy((flows) =>
      flows.map((node) => (node.id === 'lv-telemetry-in' ? { ...node, deadlineSeconds: 2 } : node)),
    )
    await system.nodeRed.healthy()
  })
  after(async function () {
    if (this.currentTest?.state === 'failed') say(system.lastLines())
    await system?.stop()
  })

  /** Puts a function node with this code onto both wires, or changes the one that is there. */
  function withFunction(func: string): (flows: FlowNode[]) => FlowNode[] {
    return (flows) => {
      const others = flows.filter(({ id }) => id !== functionId)
      const node: FlowNode = {
        ...{
          id: functionId,
          type: 'function',
          z: 'lv-telemetry',
          name: 'mine',
          func,
          outputs: 1,
          timeout: 0,
          noerr: 0,
        },
        ...{ initialize: '', finalize: '', libs: [], x: 400, y: 140, wires: [['lv-telemetry-store']] },
      }
      return [
        ...others.map((one) => (one.id === 'lv-telemetry-in' ? { ...one, wires: [[functionId], [functionId]] } : one)),
        node,
      ]
    }
  }

  async function publishMore(): Promise<void> {
    const load = { brokerUrl: system.brokerUrl, login: system.field, kind: 'numbered' as const, publishers: 2, start }
    await startLoad({ ...load, from: published, count: perPhase, perSecond }).done
    published += perPhase
  }

  it('an edit and Deploy change exactly the file of that tab', async () => {
    const before = system.flowFiles()
    await system.nodeRed.deploy(withFunction('return msg'))
    const edited = system.flowFiles()
    assert.deepEqual(Object.keys(edited), Object.keys(before))
    assert.deepEqual(changed(before, edited), ['telemetry.json'])
    // Of that file, only the node that is new and the wires that lead to it.
    const was = new Set(before['telemetry.json']!.split('\n'))
    const added = edited['telemetry.json']!.split('\n').filter((line) => !was.has(line))
    assert.ok(added.length > 0 && added.length < 30, added.join('\n'))

    await system.nodeRed.deploy((flows) =>
      flows.map((node) => (node.id === 'lv-first-screen' ? { ...node, label: 'Our screen' } : node)),
    )
    assert.deepEqual(changed(edited, system.flowFiles()), ['first-screen.json'])
    await system.nodeRed.healthy()
  })

  for (const [what, func] of Object.entries(functions)) {
    it(`that ${what}: after the repair every reading is stored, once`, async () => {
      await system.nodeRed.deploy(withFunction(func), 'nodes')
      await publishMore()
      const { ingest } = await system.nodeRed.health()
      say(`${ingest.inFlight} messages unsettled when it is repaired`)
      await system.nodeRed.deploy(withFunction('return msg'), 'nodes')
      await storedReaches(system.database, published, 30_000)
      await assertEachOnce(system.database, published, start)
      await settled()
    })
  }

  it('that fails every time: a full Deploy of the repaired flow begins anew, and the broker delivers again', async () => {
    await system.nodeRed.deploy(withFunction('throw new Error("every time")'), 'nodes')
    await publishMore()
    await system.nodeRed.deploy(withFunction('return msg'), 'full')
    await storedReaches(system.database, published, 30_000)
    await assertEachOnce(system.database, published, start)
    await settled()
  })

  it('the roll-ups are exact all the while', async () => {
    await rollupsUpToDate(system.database)
    await assertRollupsExact(system.database)
  })

  it('that writes nonsense into readings: it is quarantined, never stored', async () => {
    await system.nodeRed.deploy(withFunction(nonsense), 'nodes')
    await publishMore()
    await settled()
    const { stored, nan } = await system.database.row<{ stored: number; nan: number }>(
      `select count(*)::float8 as stored, (count(*) filter (where p_actual_kw = 'NaN'))::float8 as nan from der_reading`,
    )
    const reasons = await system.database.query<{ reason: string; count: number; detail: string }>(
      'select reason, sum(count)::float8 as count from quarantine_count group by 1',
    )
    say(`${stored} stored in all, quarantined ${JSON.stringify(reasons)}`)
    assert.equal(nan, 0)
    assert.ok(stored > published - perPhase && stored < published)
    assert.deepEqual(reasons, [{ reason: 'storage_refused', count: published - stored }])
    await rollupsUpToDate(system.database)
    await assertRollupsExact(system.database)
  })

  async function settled(): Promise<void> {
    await waitUntil(
      'everything to be settled',
      async () => {
        const { ingest } = await system.nodeRed.healthy()
        return ingest.inFlight === 0
      },
      { withinMs: 30_000, explain: async () => JSON.stringify(await system.nodeRed.health()) },
    )
  }
})

const changed = (before: Record<string, string>, now: Record<string, string>): string[] =>
  Object.keys({ ...before, ...now }).filter((file) => before[file] !== now[file])
