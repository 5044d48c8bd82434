import assert from 'node:assert/strict'
import { createDecipheriv, createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'mocha'
import type { FlowNode } from './node-red-process.fixture.ts'
import { type RunningSystem, startSystem } from './running-system.fixture.ts'
import { Visitor } from './users.fixture.ts'
import { say, waitUntil } from './waiting.fixture.ts'

const secrets = {
  CREDENTIAL_SECRET: 'Canary-of-credentials-1',
  INFLUX_TOKEN: 'canary-of-influx:Canary-of-influx-1',
  METRICS_TOKEN: 'Canary-of-metrics-token-1',
  DB_READER_PASSWORD: 'Canary-of-reader-1',
} as const

const inFlow = { z: 'lv-first-screen', x: 100, y: 400 }
const taps: FlowNode[] = []
/** A node that is handed a message and whose answer is taken down under its own name. */
function tap(name: string, node: { type: string; [property: string]: unknown }): void {
  const id = `tap-${name}`
  taps.push(
    { id, ...inFlow, wires: [[`${id}-named`]], ...node },
    {
      ...{ id: `${id}-named`, type: 'function', ...inFlow, outputs: 1, libs: [], wires: [[]] },
      func: `const kept = global.get('taps') || {}\nkept[${JSON.stringify(name)}] = msg.payload\nglobal.set('taps', kept)`,
    },
  )
}

const names = ['DB_PASSWORD', 'INFLUX_TOKEN', 'CREDENTIAL_SECRET', 'JWT_SECRET', 'AUTH_USERS', 'MQTT_PASSWORD']
const configNodes = ['lv-postgresql', 'lv-influxdb', 'lv-broker']

tap('function env', {
  type: 'function',
  func: `msg.payload = ${JSON.stringify(names)}.map((name) => [name, env.get(name), env.get(name + '_FILE')])\nreturn msg`,
  ...{ outputs: 1, libs: [] },
})
tap('function globals', {
  type: 'function',
  func: `
    const seen = []
    const look = (what, depth, path) => {
      if (depth === 0 || (typeof what !== 'object' && typeof what !== 'function') || what === null || seen.includes(what)) return []
      seen.push(what)
      return Object.getOwnPropertyNames(what).flatMap((name) => {
        let value
        try { value = what[name] } catch { return [] }
        const found = typeof value === 'string' ? [path + '.' + name + '=' + value] : look(value, depth - 1, path + '.' + name)
        return found
      })
    }
    msg.payload = [node, flow, global, env, context, RED, this, globalThis].flatMap((what, at) => look(what, 4, String(at)))
    return msg`,
  ...{ outputs: 1, libs: [] },
})
tap('function nodes', {
  type: 'function',
  func: `msg.payload = [typeof RED.nodes, typeof process, typeof require, typeof RED.settings]\nreturn msg`,
  ...{ outputs: 1, libs: [] },
})
for (const name of names) {
  const change = (to: string, tot: string) => ({
    type: 'change',
    rules: [{ t: 'set', p: 'payload', pt: 'msg', to, tot }],
  })
  tap(`change env ${name}`, change(name, 'env'))
  tap(`change text ${name}`, change(`\${${name}}`, 'str'))
  tap(`jsonata ${name}`, change(`$env("${name}")`, 'jsonata'))
  tap(`template ${name}`, {
    ...{ type: 'template', field: 'payload', fieldType: 'msg', syntax: 'mustache', output: 'str' },
    template: `{{env.${name}}} {{flow.${name}}} {{global.${name}}} \${${name}}`,
  })
}
tap('jsonata contexts', {
  type: 'change',
  rules: [
    {
      t: 'set',
      p: 'payload',
      pt: 'msg',
      to: '[$flowContext("process"), $globalContext("process"), $$]',
      tot: 'jsonata',
    },
  ],
})
for (const id of configNodes)
  tap(`message path ${id}`, {
    type: 'change',
    rules: [{ t: 'set', p: 'payload', pt: 'msg', to: `_flow.activeNodes["${id}"]`, tot: 'msg' }],
  })

describe('the settings of production', function () {
  this.timeout(90_000)
  let system: RunningSystem
  let admin: Visitor
  let url: string

  before(async () => {
    system = await startSystem({ broker: 'embedded', env: { NODE_ENV: 'production', ...secrets } })
    ;({ url, admin } = system.nodeRed)
  })
  after(() => system?.stop())

  const types = async (): Promise<Set<string>> => {
    const modules = (await (
      await admin.fetch('/editor/nodes', { headers: { Accept: 'application/json' } })
    ).json()) as {
      types: string[]
    }[]
    return new Set(modules.flatMap(({ types }) => types))
  }

  it('have no node that runs programs, touches files or opens raw sockets', async () => {
    const known = await types()
    for (const type of ['exec', 'file', 'file in', 'watch', 'tcp in', 'tcp out', 'tcp request', 'udp in', 'udp out'])
      assert.ok(!known.has(type), type)
    for (const type of ['inject', 'function', 'http request', 'mqtt in', 'linhaviva-telemetry-in'])
      assert.ok(known.has(type), type)
  })

  it('do nothing with such a node that is deployed all the same', async () => {
    const proof = join(mkdtempSync(join(tmpdir(), 'linha-viva-exec-')), 'ran')
    await system.nodeRed.deploy((flows) => [
      ...flows,
      {
        ...{ id: 'run-inject', type: 'inject', ...inFlow, props: [], repeat: '', once: true, onceDelay: '0' },
        wires: [['run-exec']],
      },
      { id: 'run-exec', type: 'exec', ...inFlow, command: `touch ${proof}`, addpay: '', wires: [[], [], []] },
    ])
    const { flows } = await system.nodeRed.flows()
    assert.ok(flows.some(({ id }) => id === 'run-exec'))
    // An unknown type stops all flows: nothing of them runs, let alone this.
    assert.ok(!existsSync(proof))
    await system.nodeRed.deploy((flows) => flows.filter(({ id }) => !String(id).startsWith('run-')))
    await system.nodeRed.healthy()
  })

  it('know who edits, and let nobody else', async () => {
    assert.deepEqual((await settings()).user, { username: 'admin', permissions: '*' })
    assert.equal((await fetch(`${url}/editor/settings`)).status, 401)
  })

  it('encrypt credentials of flows with the secret of the environment', async () => {
    await system.nodeRed.deploy((flows) => [
      ...flows,
      {
        ...{ id: 'secretive', type: 'http request', ...inFlow, method: 'GET', url: 'http://127.0.0.1:9', wires: [[]] },
        credentials: { user: 'maria', password: 'Canary-of-a-flow-1' },
      },
    ])
    const file = readFileSync(join(system.dataDir, 'node-red', 'flows_cred.json'), 'utf8')
    assert.doesNotMatch(file, /Canary/)
    const { $: text } = JSON.parse(file) as { $: string }
    const key = createHash('sha256').update(secrets.CREDENTIAL_SECRET).digest()
    const decipher = createDecipheriv('aes-256-ctr', key, Buffer.from(text.slice(0, 32), 'hex'))
    const opened = decipher.update(text.slice(32), 'base64', 'utf8') + decipher.final('utf8')
    assert.match(opened, /"secretive":.*Canary-of-a-flow-1/)
    await system.nodeRed.deploy((flows) => flows.filter(({ id }) => id !== 'secretive'))
  })

  it('install nothing, whoever asks', async () => {
    const asked = [
      await admin.fetch('/editor/nodes', json('POST', { module: 'node-red-contrib-moment' })),
      await admin.fetch('/editor/nodes/@flowfuse/node-red-dashboard', { method: 'DELETE' }),
      await admin.fetch('/editor/nodes/node-red/inject', json('PUT', { enabled: false })),
    ]
    const answers = await Promise.all(
      asked.map(async (response) => `${response.status} ${(await response.text()).split('\n')[0]}`),
    )
    say(`installing, removing and disabling a module: ${answers.join('; ')}`)
    assert.ok(asked.every(({ status }) => status >= 400 && status < 500))
    const { externalModules, functionExternalModules } = await settings()
    assert.equal(functionExternalModules, false)
    assert.deepEqual(externalModules, {
      autoInstall: false,
      palette: { allowInstall: false, allowUpdate: false, allowUpload: false },
      modules: { allowInstall: false },
    })
  })

  it('load no module into a function node', async () => {
    await system.nodeRed.deploy((flows) => [
      ...flows,
      {
        ...{ id: 'lib-function', type: 'function', ...inFlow, outputs: 0, wires: [] },
        ...{
          func: '',
          initialize: "global.set('lib', typeof childProcess)",
          libs: [{ var: 'childProcess', module: 'child_process' }],
        },
      },
    ])
    const state = await contextValue('lib')
    say(`a function node that asks for child_process has it as: ${JSON.stringify(state)}`)
    assert.notEqual(state, 'object')
    await system.nodeRed.deploy((flows) => flows.filter(({ id }) => id !== 'lib-function'))
  })

  it('tell nobody outside, and nobody inside, how the machine is', async () => {
    const chosen = await admin.fetch('/editor/settings/user', json('POST', { telemetryEnabled: true }))
    say(`telemetry chosen in the editor: ${chosen.status}`)
    assert.ok(!chosen.ok)
    const { telemetryEnabled, diagnostics, runtimeState } = await settings()
    assert.ok(!telemetryEnabled)
    assert.deepEqual([diagnostics?.enabled ?? false, runtimeState?.enabled ?? false], [false, false])
    assert.notEqual((await admin.fetch('/editor/diagnostics')).status, 200)
  })

  it('keep context in memory only', async () => {
    const { context } = await settings()
    assert.deepEqual(context, { default: 'default', stores: ['default'] })
    await contextValue('taps')
    assert.ok(!existsSync(join(system.dataDir, 'node-red', 'context')))
  })

  it('send the headers that keep browsers from harm', async () => {
    for (const path of ['/', '/dashboard', '/editor/', '/api/health']) {
      const { headers } = await admin.fetch(path, { headers: { Accept: 'text/html' } })
      assert.ok(headers.get('content-security-policy'), path)
      assert.equal(headers.get('x-content-type-options'), 'nosniff', path)
      assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin', path)
      assert.ok(headers.get('permissions-policy'), path)
      assert.equal(headers.get('x-powered-by'), null, path)
    }
  })

  it('let no node of a flow read a secret', async () => {
    await system.nodeRed.deploy((flows) => [
      ...flows,
      {
        ...{ id: 'tap-start', type: 'inject', ...inFlow, props: [{ p: 'payload' }], payload: '', payloadType: 'date' },
        ...{
          repeat: '',
          once: true,
          onceDelay: '0.1',
          wires: [taps.filter(({ id }) => !id.endsWith('-named')).map(({ id }) => id)],
        },
      },
      // What inject nodes take from the environment themselves.
      ...names.flatMap((name): FlowNode[] => [
        {
          ...{ id: `inject-${name}`, type: 'inject', ...inFlow, repeat: '', once: true, onceDelay: '0.1' },
          ...{
            props: [{ p: 'payload' }, { p: 'typed', v: `\${${name}}`, vt: 'str' }],
            payload: name,
            payloadType: 'env',
          },
          wires: [[`inject-${name}-named`]],
        },
        {
          ...{ id: `inject-${name}-named`, type: 'function', ...inFlow, outputs: 1, libs: [], wires: [[]] },
          func: `const kept = global.get('taps') || {}\nkept['inject ${name}'] = [msg.payload, msg.typed]\nglobal.set('taps', kept)`,
        },
      ]),
      ...taps,
    ])
    const expected = taps.length / 2 + names.length
    const found = await waitUntil('what the nodes read', async () => {
      const kept = (await contextValue('taps')) as Record<string, unknown> | undefined
      return kept !== undefined && Object.keys(kept).length >= expected - configNodes.length && kept
    })
    const text = JSON.stringify(found)
    say(`${Object.keys(found).length} of ${expected} ways answered; what they read: ${text.length} characters`)
    for (const [name, value] of Object.entries({ ...secrets, password: system.database.running.password }))
      for (const part of value.split(':')) assert.ok(!text.includes(part), `${name} was read: ${text}`)
    assert.doesNotMatch(text, /Example-of-/, 'users and their secret')
    assert.deepEqual(found['function nodes'], ['undefined', 'undefined', 'undefined', 'undefined'])
  })

  it("hold back who asks the editor's API too often", async () => {
    const visitor = new Visitor(url, 'engineer')
    let limited = 0
    for (let round = 0; round < 40 && limited === 0; round++) {
      const asked = await Promise.all(
        Array.from({ length: 100 }, () => visitor.fetch('/editor/resources/none/none.js')),
      )
      for (const response of asked) {
        await response.arrayBuffer()
        if (response.status === 429) limited++
      }
    }
    say(`of 4,000 requests at once at least ${limited} were answered 429`)
    assert.ok(limited > 0)
  })

  async function settings(): Promise<EditorSettings> {
    return (await (await admin.fetch('/editor/settings')).json()) as EditorSettings
  }
  async function contextValue(key: string): Promise<unknown> {
    const { msg, format } = (await (await admin.fetch(`/editor/context/global/${key}`)).json()) as {
      msg: string
      format: string
    }
    if (format === 'undefined') return undefined
    return /^(Object|object|array|number|boolean)/.test(format) ? JSON.parse(msg) : msg
  }
})

describe('the editor, switched off', function () {
  this.timeout(60_000)
  let system: RunningSystem
  before(async () => {
    system = await startSystem({ broker: 'embedded', env: { FLOW_EDITOR: 'off' } })
  })
  after(() => system?.stop())

  it('is for nobody, but dashboards run', async () => {
    const { admin } = system.nodeRed
    for (const path of ['/editor/', '/editor/flows', '/editor/settings']) {
      const response = await admin.fetch(path)
      assert.deepEqual(
        [response.status, (await response.text()).split('\n')[0]],
        [403, 'flows are not edited here: FLOW_EDITOR is off'],
      )
    }
    assert.equal((await admin.fetch('/editor/flows', json('POST', []))).status, 403)
    assert.equal((await admin.fetch('/dashboard')).status, 200)
    const widget = '/editor/resources/@linhaviva/node-red-dashboard-2-linha-viva/linha-viva.umd.js'
    assert.equal((await new Visitor(system.nodeRed.url, 'viewer').fetch(widget)).status, 200)
  })
})

interface EditorSettings {
  user: unknown
  functionExternalModules: unknown
  externalModules: unknown
  telemetryEnabled?: boolean
  diagnostics?: { enabled: boolean }
  runtimeState?: { enabled: boolean }
  context: unknown
}

const json = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
})
