import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'mocha'
import { installation } from '../../platform/runtime/installation.ts'
import { type InstalledTypes, installedTypes, isExpected, typesToStandIn, unknownTypes, verbOf } from './node-types.ts'

const node = (type: string, more: object = {}) => ({ id: type, type, ...more })

describe('node types in a trial', () => {
  let userDir: string
  let types: InstalledTypes
  before(() => {
    userDir = mkdtempSync(join(tmpdir(), 'types-'))
    const folder = join(userDir, 'node_modules', 'node-red-contrib-smooth')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(userDir, 'package.json'), '{"dependencies":{"node-red-contrib-smooth":"1.0.0"}}')
    writeFileSync(
      join(folder, 'package.json'),
      '{"name":"node-red-contrib-smooth","node-red":{"nodes":{"smooth":"smooth.js"}}}',
    )
    writeFileSync(join(folder, 'smooth.html'), `<script>RED.nodes.registerType('smooth', {})</script>`)
    types = installedTypes(installation, userDir)
  })
  after(() => rmSync(userDir, { recursive: true }))

  it("run as they are where they reach nothing: Node-RED's own, and of ours those without the database", () => {
    for (const type of [
      'function',
      'switch',
      'change',
      'join',
      'delay',
      'link call',
      'mqtt in',
      'linhaviva-telemetry-in',
    ])
      assert.equal(types.genuine.has(type), true, type)
  })

  it('are stood in for otherwise: nothing that reaches outside runs', () => {
    const outside = [
      'exec',
      'file',
      'file in',
      'watch',
      'http in',
      'http request',
      'tcp out',
      'udp out',
      'websocket out',
    ]
    const others = [
      'debug',
      'ui-chart',
      'linhaviva-telemetry-store',
      'linhaviva-postgresql',
      'linhaviva-rollups',
      'smooth',
    ]
    for (const type of [...outside, ...others]) {
      assert.ok(types.moduleOf.has(type), type)
      assert.deepEqual(typesToStandIn([node(type)], types), [type])
    }
    assert.deepEqual(typesToStandIn([node('tab'), node('subflow:1'), node('function'), node('group')], types), [])
  })

  it('of somebody else are known by their module, and named where nobody thought of them', () => {
    assert.equal(types.moduleOf.get('smooth'), 'node-red-contrib-smooth')
    assert.equal(isExpected('smooth'), false)
    assert.equal(isExpected('http request'), true)
  })

  it('that nobody brings are unknown, unless the node is disabled', () => {
    const unknown = unknownTypes([node('acme'), node('acme-off', { d: true }), node('function'), node('tab')], types)
    assert.deepEqual(
      unknown.map(({ type }) => type),
      ['acme'],
    )
  })

  it('say what would have become of a message', () => {
    assert.equal(verbOf('mqtt out'), 'published')
    assert.equal(verbOf('ui-chart'), 'shown on the dashboard')
    assert.equal(verbOf('linhaviva-ui-field-overview'), 'shown on the dashboard')
    assert.equal(verbOf('smooth'), 'taken')
  })
})
