import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readEnvironment } from './environment.ts'
import type { FlowNode } from './flow-arrangement.ts'
import { readFlowFiles } from './flow-files.ts'
import { installation } from './installation.ts'
import { bringFlowsOfThisRelease, bringShippedFlows } from './shipped-flows.ts'

const tab = (name: string, ...others: object[]): FlowNode[] => [
  { id: name, type: 'tab', label: name.toUpperCase() },
  ...others.map((other, n) => ({ id: `${name}-${n}`, type: 'debug', z: name, x: 100, y: 40 * n, wires: [], ...other })),
]
const broker = { id: 'broker', type: 'mqtt-broker', name: '' }

describe('the flows of a release, in a folder of its own', () => {
  let folder: string
  let flowsDir: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'shipped-flows-'))
    flowsDir = join(folder, 'flows')
    mkdirSync(join(folder, 'shipped'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  /** Puts a release there, and starts it. @returns what it says */
  async function release(version: string, sheets: FlowNode[][], global: FlowNode[] = [broker]): Promise<string[]> {
    const shippedDir = join(folder, 'shipped')
    rmSync(shippedDir, { recursive: true })
    mkdirSync(shippedDir)
    for (const nodes of sheets) write(shippedDir, nodes[0]!.id, nodes)
    write(shippedDir, 'config', { order: sheets.map((nodes) => nodes[0]!.id), nodes: global })
    return bringShippedFlows({ flowsDir, shippedDir, userDir: join(folder, 'node-red') }, version)
  }
  const write = (place: string, name: string, content: unknown): void =>
    writeFileSync(join(place, `${name}.json`), JSON.stringify(content, null, 2) + '\n')
  const read = (name: string): FlowNode[] =>
    JSON.parse(readFileSync(join(flowsDir, `${name}.json`), 'utf8')) as FlowNode[]
  const tabs = async (): Promise<string[]> =>
    (await readFlowFiles(flowsDir)).arrangement.sheets.map(({ nodes }) => nodes[0].id)
  const globals = async (): Promise<readonly FlowNode[]> => (await readFlowFiles(flowsDir)).arrangement.global
  const library = (version: string): string[] => {
    try {
      return readdirSync(join(folder, 'node-red', 'lib', 'flows', `Linha Viva ${version}`))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      return []
    }
  }

  it('fill an empty folder, once', async () => {
    assert.deepEqual(await release('1', [tab('b', {}), tab('a', {})]), ['flows: "B" is new', 'flows: "A" is new'])
    assert.deepEqual([await tabs(), await globals()], [['b', 'a'], [broker]])
    assert.deepEqual(await release('1', [tab('b', {}), tab('a', {})]), [])
  })

  it('replace what nobody has edited, and add what is new', async () => {
    await release('1', [tab('a', {})])
    const lines = await release('2', [tab('a', {}, {}), tab('b')], [broker, { id: 'influx', type: 'influx' }])
    assert.deepEqual(lines, ['flows: "A" is the one of this release', 'flows: "B" is new'])
    assert.deepEqual(read('a'), tab('a', {}, {}))
    assert.deepEqual(await tabs(), ['a', 'b'])
    assert.deepEqual(
      (await globals()).map(({ id }) => id),
      ['broker', 'influx'],
    )
    assert.deepEqual(library('2'), [])
  })

  it('keep what was edited, and lay the new one beside it, once', async () => {
    await release('1', [tab('a', {})])
    const edited = tab('a', { x: 500 }, { id: 'mine' })
    write(flowsDir, 'a', edited)
    const [line, ...others] = await release('2', [tab('a', {}, {})])
    assert.match(line!, /^flows: "A" was edited here and is kept.*Import > Local$/)
    assert.deepEqual([others, read('a'), library('2')], [[], edited, ['a.json']])
    assert.deepEqual(await release('2', [tab('a', {}, {})]), [])
    // A release that leaves the tab as it was has nothing to say of it.
    assert.deepEqual(await release('3', [tab('a', {}, {})]), [])
  })

  it('take an edited tab that was set back for one that nobody has edited', async () => {
    await release('1', [tab('a', {})])
    write(flowsDir, 'a', tab('a', { x: 500 }))
    await release('2', [tab('a', {}, {})])
    write(flowsDir, 'a', tab('a', {}, {}))
    await release('3', [tab('a', {}, {}, {})])
    assert.deepEqual(read('a'), tab('a', {}, {}, {}))
  })

  it('do not bring back what was removed', async () => {
    await release('1', [tab('a', {}), tab('b', {})], [broker, { id: 'theme', type: 'ui-theme' }])
    rmSync(join(flowsDir, 'b.json'))
    write(flowsDir, 'config', { order: ['a'], nodes: [broker] })
    assert.deepEqual(
      await release('2', [tab('a', {}), tab('b', {}, {})], [broker, { id: 'theme', type: 'ui-theme', v: 2 }]),
      [],
    )
    assert.deepEqual([await tabs(), await globals()], [['a'], [broker]])
  })

  it('leave settings of configuration nodes that were changed, and update the others', async () => {
    await release('1', [tab('a')], [broker, { id: 'theme', type: 'ui-theme' }])
    write(flowsDir, 'config', {
      order: ['a'],
      nodes: [
        { ...broker, url: 'mqtts://field' },
        { id: 'theme', type: 'ui-theme' },
      ],
    })
    await release(
      '2',
      [tab('a')],
      [
        { ...broker, version: 2 },
        { id: 'theme', type: 'ui-theme', dark: true },
      ],
    )
    assert.deepEqual(await globals(), [
      { ...broker, url: 'mqtts://field' },
      { id: 'theme', type: 'ui-theme', dark: true },
    ])
  })

  it("leave an engineer's own tabs alone, also one of the same file name", async () => {
    await release('1', [tab('a')])
    write(flowsDir, 'b', tab('own', {}))
    await release('2', [tab('a'), tab('b')])
    assert.deepEqual([read('b'), read('b-2')], [tab('own', {}), tab('b')])
  })

  it('do not put a node into the flows twice', async () => {
    await release('1', [tab('a', {})])
    write(flowsDir, 'own', tab('own', { id: 'b-0' }))
    const [line] = await release('2', [tab('a', {}), tab('b', {})])
    assert.match(line!, /"B" .* Import > Local/)
    assert.deepEqual([await tabs(), library('2')], [['a', 'own'], ['b.json']])
  })

  it('change nothing in a folder that cannot be understood', async () => {
    await release('1', [tab('a', {})])
    writeFileSync(join(flowsDir, 'a.json'), '[')
    await assert.rejects(release('2', [tab('a', {}, {}), tab('b')]), /a\.json: not JSON/)
    assert.deepEqual(readdirSync(flowsDir).sort(), ['.shipped.json', 'a.json', 'config.json'])
  })

  it('wait, and let the rest start, while the note of what was shipped is damaged', async () => {
    mkdirSync(flowsDir)
    writeFileSync(join(flowsDir, '.shipped.json'), '{')
    const lines: string[] = []
    const environment = readEnvironment({ DATA_DIR: folder, FLOWS_DIR: flowsDir })
    await bringFlowsOfThisRelease(environment, (level, line) => lines.push(`${level} ${line}`))
    assert.match(lines.join('\n'), /^warn .*\.shipped\.json is not JSON: restore it, or remove it$/)
    assert.deepEqual(readdirSync(flowsDir), ['.shipped.json'])
  })

  it('are recognised in a folder of 0.1.0, which left no note', async () => {
    const shipped = join(installation, 'flows', 'upgrade-0.1.0', 'shipped')
    cpSync(shipped, flowsDir, { recursive: true })
    rmSync(join(flowsDir, 'first-screen.json'))
    const environment = readEnvironment({ DATA_DIR: folder, FLOWS_DIR: flowsDir })
    const lines: string[] = []
    await bringFlowsOfThisRelease(environment, (level, line) => lines.push(`${level} ${line}`))
    // The one that was removed is not among them; the other has been edited by nobody.
    assert.ok(!lines.some((line) => /first screen/i.test(line) || /edited/.test(line)), lines.join('\n'))
    assert.ok(!(await tabs()).includes('lv-first-screen'))
    const current = (await readFlowFiles(join(installation, 'flows'))).arrangement.sheets
    assert.deepEqual(read('telemetry'), current.find(({ name }) => name === 'telemetry')!.nodes)
  })

  it("are not brought to a folder of somebody's own flows, in this release or a later one", async () => {
    mkdirSync(flowsDir)
    write(flowsDir, 'own', tab('own', {}))
    assert.deepEqual(await release('1', [tab('a')]), [])
    assert.deepEqual(await release('2', [tab('a', {})]), [])
    assert.deepEqual([await tabs(), await globals()], [['own'], []])
  })

  it("are not brought to the installation's own folder", async () => {
    await bringFlowsOfThisRelease(readEnvironment({ DATA_DIR: folder }), () => assert.fail('says something'))
    assert.ok(!readdirSync(join(installation, 'flows')).includes('.shipped.json'))
  })
})
