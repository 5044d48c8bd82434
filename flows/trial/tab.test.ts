import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'mocha'
import { installation } from '../../platform/runtime/installation.ts'
import { readFlows, sameTab, tabOf } from './tab.ts'

const tab = { id: 't1', type: 'tab', label: 'Voltage alarms' }
const at = { x: 1, y: 1 }
const nodes = [
  tab,
  { id: 't2', type: 'tab', label: 'Other', disabled: true },
  { id: 'sub', type: 'subflow', name: 'Smooth', in: [], out: [] },
  { id: 'inside', type: 'mqtt out', z: 'sub', broker: 'b2', ...at },
  { id: 'use', type: 'subflow:sub', z: 't1', ...at },
  { id: 'out', type: 'mqtt out', z: 't1', broker: 'b1', ...at },
  { id: 'tick', type: 'inject', z: 't1', name: 'tick', repeat: '5', crontab: '', ...at },
  { id: 'foreign', type: 'function', z: 't2', ...at },
  { id: 'b1', type: 'mqtt-broker', tls: 'tls' },
  { id: 'b2', type: 'mqtt-broker' },
  { id: 'b3', type: 'mqtt-broker' },
  { id: 'tls', type: 'tls-config' },
]
const ids = (flows: readonly { id: string }[]) => flows.map(({ id }) => id).toSorted()

describe('a tab for a trial', () => {
  let folder: string
  before(() => (folder = mkdtempSync(join(tmpdir(), 'tab-'))))
  after(() => rmSync(folder, { recursive: true }))
  const source = { path: 'flows.json', nodes }
  const write = (name: string, content: unknown): string => {
    const path = join(folder, name)
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
    return path
  }

  it('brings its subflows and configuration nodes, and nothing of other tabs', () =>
    assert.deepEqual(ids(tabOf(source, 't1').flows), ['b1', 'b2', 'inside', 'out', 'sub', 't1', 'tick', 'tls', 'use']))

  it('takes from the deployed flows what an export lacks; its own goes first', () => {
    const exported = { path: 'export.json', nodes: [tab, nodes[5]!, { id: 'b1', type: 'mqtt-broker', name: 'mine' }] }
    const { flows } = tabOf(exported, undefined, source)
    assert.equal(flows.find(({ id }) => id === 'b1')?.['name'], 'mine')
    const { flows: others } = tabOf(
      { path: 'x', nodes: [tab, nodes[3]!, { ...nodes[3]!, id: 'y', z: 't1' }] },
      undefined,
      source,
    )
    assert.ok(ids(others).includes('b2'))
  })

  it('is found by id or label, however it is written', () => {
    for (const wanted of ['t1', 'Voltage alarms', 'voltage-alarms', 'VOLTAGE ALARMS'])
      assert.equal(tabOf(source, wanted).id, 't1')
  })

  it('is not found: it says what there is', () => {
    assert.throws(() => tabOf(source, 'solar'), {
      name: 'TabError',
      message: /no tab "solar"; it has Voltage alarms, Other/,
    })
    assert.throws(() => tabOf(source, undefined), /several tabs \(Voltage alarms, Other\): say which with --tab/)
    assert.throws(
      () => tabOf({ path: 'f', nodes: [nodes[5]!] }, undefined),
      /holds no tab; in the editor export the current/,
    )
  })

  it('does nothing by itself, and is played also where it is disabled', () => {
    const { flows, notes } = tabOf(source, 't1')
    assert.equal(flows.find(({ id }) => id === 'tick')?.['repeat'], '')
    assert.match(notes.join(), /inject tick repeats/)
    assert.equal(tabOf(source, 't2').flows[0]!['disabled'], false)
  })

  it('is the same one by its id or, imported anew, by its label', () => {
    const renamed = tabOf({ path: 'f', nodes: [{ ...tab, label: 'New name' }] }, undefined)
    const copied = tabOf({ path: 'f', nodes: [{ ...tab, id: 'new' }] }, undefined)
    const own = tabOf({ path: 'f', nodes: [{ ...tab, id: 'new', label: 'Mine' }] }, undefined)
    assert.deepEqual(
      [sameTab(source, renamed)?.id, sameTab(source, copied)?.id, sameTab(source, own)?.id],
      ['t1', 't1', undefined],
    )
  })

  it('comes out of a folder of flows, a file of it, or an export', async () => {
    const flows = join(installation, 'flows')
    assert.equal(tabOf(await readFlows(flows), 'telemetry').label, 'Telemetry')
    assert.equal(tabOf(await readFlows(join(flows, 'telemetry.json')), undefined).id, 'lv-telemetry')
    assert.equal((await readFlows(write('api.json', { flows: nodes, rev: 'x' }))).nodes.length, nodes.length)
  })

  const malformed: Record<string, [content: unknown, fault: RegExp]> = {
    'cut off': ['[{"id":\n', /bad\.json: not JSON at line \d+, column \d+/],
    'an object': [{ nodes }, /holds no array of nodes/],
    'a text in it': [[tab, 'x'], /holds "x", not a node/],
    'a node without an id': [[tab, { type: 'function' }], /a node without an id/],
    'an id twice': [[tab, tab], /two nodes with id "t1"/],
  }
  for (const [what, [content, fault]] of Object.entries(malformed)) {
    it(`is not read from a file with ${what}`, () =>
      assert.rejects(readFlows(write('bad.json', content)), { name: 'TabError', message: fault }))
  }

  it('is not read from a file that is not there, nor from a folder with a broken one', async () => {
    await assert.rejects(readFlows(join(folder, 'none.json')), /none.json: is not there/)
    write('bad.json', '[')
    await assert.rejects(readFlows(folder), { name: 'TabError', message: /\.json: / })
  })
})
