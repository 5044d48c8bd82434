import assert from 'node:assert/strict'
import { mkdtemp, readFile, readdir, rename, rm, stat, unlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import type { FlowNode } from './flow-arrangement.ts'
import { arbitraryFlows } from './flow-arrangement.samples.ts'
import { createFlowStorage } from './flow-storage.ts'
import type { Deployed, FlowStorage, FlowStorageOptions } from './flow-storage.ts'

/** Two tabs, a subflow and a broker, in an order that only this machine's memory can restore. */
const shipped: FlowNode[] = [
  { id: 'tab-field', type: 'tab', label: 'Field', disabled: false },
  { id: 'tab-load', type: 'tab', label: 'Feeder load' },
  { id: 'sub', type: 'subflow', name: 'Limit' },
  { id: 'out', type: 'debug', z: 'tab-field', x: 400, y: 80, wires: [] },
  { id: 'sum', type: 'function', z: 'tab-load', x: 200, y: 80, func: 'return msg\n', wires: [['out2']] },
  { id: 'broker', type: 'mqtt-broker', name: 'Field', port: 1883 },
  { id: 'in', type: 'mqtt in', z: 'tab-field', x: 120, y: 80, wires: [['out']] },
  { id: 'out2', type: 'debug', z: 'tab-load', x: 400, y: 80, wires: [] },
  { id: 'gate', type: 'switch', z: 'sub', x: 120, y: 80, wires: [[]] },
]

const changed = (flows: readonly FlowNode[], id: string, change: object): FlowNode[] =>
  flows.map((node) => (node.id === id ? { ...node, ...change } : node))

describe('flow storage', () => {
  let root: string
  let places: FlowStorageOptions
  let storage: FlowStorage

  const path = (file: string): string => join(places.flowsDir, file)
  const flowsNow = (): Promise<FlowNode[]> => createFlowStorage(places).getFlows()

  /** Every file's content and time of change, by name. */
  async function look(): Promise<Record<string, string>> {
    const seen: Record<string, string> = {}
    for (const file of (await readdir(places.flowsDir)).sort()) {
      seen[file] = `${(await stat(path(file), { bigint: true })).mtimeNs} ${await readFile(path(file), 'utf8')}`
    }
    return seen
  }

  /** Names of the files that an action changes, creates or deletes. */
  async function filesTouchedBy(action: () => Promise<void>): Promise<string[]> {
    const before = await look()
    await action()
    const after = await look()
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((file) => before[file] !== after[file])
  }

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'flow-storage-'))
    places = { flowsDir: join(root, 'flows'), userDir: join(root, 'user') }
    storage = createFlowStorage(places)
    await storage.getFlows()
    await storage.saveFlows(shipped)
  })

  afterEach(() => rm(root, { recursive: true }))

  describe('files', () => {
    it('are one per tab and subflow, and one for global config nodes and the order of tabs', async () => {
      assert.deepEqual(await readdir(places.flowsDir), ['config.json', 'feeder-load.json', 'field.json', 'limit.json'])
      assert.equal(
        await readFile(path('config.json'), 'utf8'),
        `${JSON.stringify({ order: ['field', 'feeder-load', 'limit'], nodes: [shipped[5]] }, null, 2)}\n`,
      )
      const field = [shipped[0], shipped[3], shipped[6]]
      assert.equal(await readFile(path('field.json'), 'utf8'), `${JSON.stringify(field, null, 2)}\n`)
    })

    it('restore the array exactly after a restart', async () => {
      assert.equal(JSON.stringify(await flowsNow()), JSON.stringify(shipped))
    })

    it('restore the order of tabs on another machine', async () => {
      await storage.saveFlows([shipped[1]!, shipped[0]!, ...shipped.slice(2)])
      await rm(places.userDir, { recursive: true })
      const sheets = (await flowsNow()).filter(({ type }) => type === 'tab' || type === 'subflow')
      assert.deepEqual(
        sheets.map(({ id }) => id),
        ['tab-load', 'tab-field', 'sub'],
      )
    })

    it('restore whatever was deployed, one deploy after another (property)', async function () {
      this.timeout(30_000)
      const flows = fc.array(arbitraryFlows, { minLength: 2, maxLength: 3 })
      await fc.assert(
        fc.asyncProperty(flows, async (deploys) => {
          for (const deploy of deploys) {
            await storage.saveFlows(deploy)
            assert.equal(JSON.stringify(await flowsNow()), JSON.stringify(deploy))
          }
        }),
        { numRuns: 40 },
      )
    })
  })

  describe('a deploy', () => {
    it('that changes nothing touches nothing', async () => {
      assert.deepEqual(await filesTouchedBy(() => storage.saveFlows(shipped)), [])
    })

    it('is told with who did it and the files it changed; one that changes nothing is not', async () => {
      const told: Deployed[] = []
      const telling = createFlowStorage({ ...places, onDeploy: (deployed) => told.push(deployed) })
      const user = { username: 'ana', role: 'engineer', sessionId: 's' }
      await telling.saveFlows(shipped, user)
      assert.deepEqual(told, [])
      await telling.saveFlows(
        changed(shipped, 'sum', { func: 'return null' }).filter(({ z, id }) => z !== 'sub' && id !== 'sub'),
        user,
      )
      assert.deepEqual(told, [{ user, changed: ['config.json', 'feeder-load.json'], removed: ['limit.json'] }])
    })

    it('of one edited tab touches its file only', async () => {
      const edited = changed(shipped, 'sum', { func: 'return null' })
      assert.deepEqual(await filesTouchedBy(() => storage.saveFlows(edited)), ['feeder-load.json'])
    })

    it('that adds or removes a node touches the file of its tab only', async () => {
      const added = [...shipped.slice(0, 4), { id: 'new', type: 'debug', z: 'tab-load' }, ...shipped.slice(4)]
      assert.deepEqual(await filesTouchedBy(() => storage.saveFlows(added)), ['feeder-load.json'])
      assert.deepEqual(await filesTouchedBy(() => storage.saveFlows(shipped)), ['feeder-load.json'])
    })

    it('that arranges tabs otherwise touches config.json only', async () => {
      const arranged = [shipped[1]!, shipped[0]!, ...shipped.slice(2)]
      assert.deepEqual(await filesTouchedBy(() => storage.saveFlows(arranged)), ['config.json'])
    })

    it('of a renamed tab keeps its file, also after a restart', async () => {
      const renamed = changed(shipped, 'tab-load', { label: 'Carga' })
      assert.deepEqual(await filesTouchedBy(() => storage.saveFlows(renamed)), ['feeder-load.json'])
      storage = createFlowStorage(places)
      const edited = changed(await storage.getFlows(), 'sum', { func: '' })
      assert.deepEqual(await filesTouchedBy(() => storage.saveFlows(edited)), ['feeder-load.json'])
    })

    it('that deletes a tab deletes its file', async () => {
      const left = shipped.filter(({ id, z }) => id !== 'tab-load' && z !== 'tab-load')
      assert.deepEqual(await filesTouchedBy(() => storage.saveFlows(left)), ['config.json', 'feeder-load.json'])
      assert.equal((await readdir(places.flowsDir)).includes('feeder-load.json'), false)
    })

    it('leaves a file that is formatted by hand as it is', async () => {
      await writeFile(path('limit.json'), JSON.stringify([shipped[2], shipped[8]]))
      await storage.getFlows()
      const edited = changed(shipped, 'sum', { func: '' })
      assert.deepEqual(await filesTouchedBy(() => storage.saveFlows(edited)), ['feeder-load.json'])
    })
  })

  describe('a file changed on disk since it was read', () => {
    const edited = changed(shipped, 'sum', { func: 'return null' })

    async function refused(message: RegExp): Promise<void> {
      const touched = await filesTouchedBy(() =>
        assert.rejects(storage.saveFlows(edited), { code: 'flows_changed_on_disk', message }),
      )
      assert.deepEqual(touched, [])
    }

    it('refuses the deploy, which names it and writes nothing', async () => {
      await writeFile(path('field.json'), JSON.stringify([shipped[0]]))
      await refused(/field\.json was changed on disk since the flows were read; nothing was written/)
    })

    it('refuses it too where the file appeared or vanished', async () => {
      await writeFile(path('mine.json'), '[]')
      await unlink(path('limit.json'))
      await refused(/limit\.json vanished from disk, .*mine\.json appeared on disk/)
    })

    it('holds new credentials back, and the next deploy still has them', async () => {
      await storage.init({}, {})
      const before = await readFile(path('field.json'))
      await writeFile(path('field.json'), '[]')
      await storage.saveCredentials({ broker: { password: 'new' } })
      await refused(/field\.json/)
      assert.deepEqual(await storage.getCredentials(), {})
      await writeFile(path('field.json'), before)
      await storage.saveFlows(edited)
      assert.deepEqual(await storage.getCredentials(), { broker: { password: 'new' } })
    })

    it('is accepted once it was read', async () => {
      await writeFile(path('field.json'), JSON.stringify([shipped[0]]))
      const flows = await storage.getFlows()
      assert.equal(flows.length, shipped.length - 2)
      await storage.saveFlows(changed(flows, 'sum', { func: '' }))
    })
  })

  describe('a file that cannot be understood', () => {
    const wrong: [string, string, string, RegExp][] = [
      ['not JSON', 'field.json', '[\n  { "id": "a",, }\n]', /field\.json: not JSON at line 2, column 15$/],
      ['cut off', 'field.json', '[\n  { "id": "a"', /field\.json: not JSON at line 2, column 14/],
      ['in conflict', 'field.json', '[\n<<<<<<< HEAD\n]', /field\.json: not JSON at line 2, column 1/],
      ['empty', 'field.json', '', /field\.json: not JSON at line 1, column 1/],
      ['no array', 'field.json', '{}', /field\.json: must hold an array of nodes/],
      ['without a tab', 'mine.json', '[{"id":"a","type":"inject"}]', /mine\.json: holds no tab and no subflow/],
      ['with two tabs', 'mine.json', '[{"id":"a","type":"tab"},{"id":"b","type":"tab"}]', /mine\.json: .*one tab/],
      [
        'with a foreign node',
        'mine.json',
        '[{"id":"a","type":"tab"},{"id":"b","type":"x","z":"sub"}]',
        /in limit\.json/,
      ],
      [
        'with an id of another file',
        'mine.json',
        '[{"id":"in","type":"tab"}]',
        /node "in", which stands in .*field\.json/,
      ],
      ['with credentials', 'mine.json', '[{"id":"a","type":"tab","credentials":{"k":"v"}}]', /node "a" with its cred/],
      ['config without order', 'config.json', '{"nodes":[]}', /config\.json: "order" must be/],
      ['config as an array', 'config.json', '[]', /config\.json: "order" must be/],
    ]
    for (const [what, file, content, message] of wrong) {
      it(`${what}: refuses the start with a message that names it`, async () => {
        await writeFile(path(file), content)
        const started = createFlowStorage(places)
        await assert.rejects(started.init({}, {}), { name: 'FlowFilesError', message })
        await assert.rejects(started.saveFlows(shipped), { message }, 'nothing is deployed over it')
        assert.equal(await readFile(path(file), 'utf8'), content)
      })
    }
  })

  it('ignores a damaged memory of the order', async () => {
    for (const content of ['', '{}', '["tab-field", 7]']) {
      await writeFile(join(places.userDir, 'flow-order.json'), content)
      assert.equal((await flowsNow()).length, shipped.length)
    }
  })

  it('follows the files, not the remembered order, where somebody moved a node in a file', async () => {
    await writeFile(path('field.json'), JSON.stringify([shipped[0], shipped[6], shipped[3]]))
    const ids = (await flowsNow()).map(({ id }) => id)
    assert.ok(ids.indexOf('in') < ids.indexOf('out'))
  })

  it('refuses Node-RED projects, which keep flows in one file', async () => {
    const settings = { editorTheme: { projects: { enabled: true } } }
    await assert.rejects(createFlowStorage(places).init(settings, {}), /projects cannot be used/)
  })

  it('does not mind times of change: only content counts', async () => {
    await utimes(path('field.json'), 0, 0)
    await rename(path('limit.json'), path('limit.tmp'))
    await rename(path('limit.tmp'), path('limit.json'))
    await storage.saveFlows(changed(shipped, 'sum', { func: '' }))
  })
})
