import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FlowNode } from './flow-arrangement.ts'

/** A real Node-RED in a process of its own, on a free port of the loopback. */
const nodeRed = (places: { flowsDir: string; userDir: string }): string => `
  import { createServer } from 'node:http'
  import RED from ${JSON.stringify(import.meta.resolve('node-red'))}
  import { createFlowStorage } from ${JSON.stringify(new URL('flow-storage.js', import.meta.url).href)}
  const places = ${JSON.stringify(places)}
  const server = createServer((request, response) => RED.httpAdmin(request, response))
  RED.init(server, {
    userDir: places.userDir,
    storageModule: createFlowStorage(places),
    credentialSecret: 'of this test',
    httpAdminRoot: '/',
    httpNodeRoot: false,
    logging: { console: { level: 'off' } },
    telemetry: { enabled: false },
  })
  RED.events.once('flows:started', () => server.listen(0, '127.0.0.1', () => process.send(server.address().port)))
  RED.start().catch((error) => {
    process.send(error.message)
    process.disconnect()
  })`

interface Flows {
  readonly rev: string
  readonly flows: readonly FlowNode[]
}

describe('flow storage under a real Node-RED', function () {
  this.timeout(30_000)
  let root: string
  let places: { flowsDir: string; userDir: string }
  let nodeRedProcess: ChildProcess | undefined
  let address: string

  /** Starts Node-RED: its port, or what it refuses to start for. */
  async function start(): Promise<number | string> {
    nodeRedProcess = spawn(process.execPath, ['--input-type=module', '-e', nodeRed(places)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const [said] = (await once(nodeRedProcess, 'message')) as [number | string]
    address = `http://127.0.0.1:${said}/flows`
    return said
  }

  async function stop(): Promise<void> {
    if (nodeRedProcess?.exitCode === null && nodeRedProcess.kill('SIGKILL')) await once(nodeRedProcess, 'exit')
    nodeRedProcess = undefined
  }

  const version = { 'Node-RED-API-Version': 'v2' }
  const read = async (): Promise<Flows> => (await (await fetch(address, { headers: version })).json()) as Flows
  const deploy = (flows: readonly FlowNode[], rev: string): Promise<Response> =>
    fetch(address, {
      method: 'POST',
      headers: { ...version, 'Content-Type': 'application/json' },
      body: JSON.stringify({ flows, rev }),
    })

  async function deployed(flows: readonly FlowNode[], rev: string): Promise<string> {
    const response = await deploy(flows, rev)
    assert.equal(response.status, 200, await response.clone().text())
    return ((await response.json()) as Flows).rev
  }

  async function contents(): Promise<Map<string, string>> {
    const files = (await readdir(places.flowsDir)).sort()
    return new Map(await Promise.all(files.map(async (file) => [file, await readFile(at(file), 'utf8')] as const)))
  }
  const at = (file: string): string => join(places.flowsDir, file)

  const flows: FlowNode[] = [
    { id: 'a', type: 'tab', label: 'Field', disabled: false, info: '' },
    { id: 'b', type: 'tab', label: 'Load', disabled: false, info: '' },
    { id: 'in', type: 'inject', z: 'a', x: 100, y: 80, props: [], repeat: '', once: false, wires: [['ask']] },
    { id: 'tls', type: 'tls-config', name: 'Field', verifyservercert: true },
    { id: 'sink', type: 'debug', z: 'b', x: 300, y: 80, active: false, wires: [] },
    // What the editor sends when somebody fills in a user and a password.
    {
      ...{
        id: 'ask',
        type: 'http request',
        z: 'a',
        x: 300,
        y: 80,
        method: 'GET',
        url: 'http://127.0.0.1',
        wires: [[]],
      },
      credentials: { user: 'ana', password: 'only-on-this-machine' },
    },
  ]

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'flow-storage-node-red-'))
    places = { flowsDir: join(root, 'flows'), userDir: join(root, 'user') }
    assert.equal(typeof (await start()), 'number')
    await deployed(flows, (await read()).rev)
  })

  after(async () => {
    await stop()
    await rm(root, { recursive: true })
  })

  it('splits a deploy, with the credentials in userDir only', async () => {
    const files = await contents()
    assert.deepEqual([...files.keys()], ['config.json', 'field.json', 'load.json'])
    assert.doesNotMatch([...files.values()].join(), /only-on-this-machine|credentials/)
    assert.ok((await readFile(join(places.userDir, 'flows_cred.json'), 'utf8')).includes('"$"'))
    assert.deepEqual(
      (await readdir(places.userDir)).filter((file) => /^flows.*\.json$/.test(file)),
      ['flows_cred.json'],
    )
  })

  it('gives the same revision after a restart, and the credentials', async () => {
    const before = await read()
    await stop()
    await start()
    assert.deepEqual(await read(), before)
    const credentials = await fetch(address.replace(/flows$/, 'credentials/http-request/ask'))
    assert.deepEqual(await credentials.json(), { user: 'ana', has_password: true })
  })

  it('changes exactly the file of an edited tab', async () => {
    const before = await contents()
    const { flows: now, rev } = await read()
    await deployed([...now, { id: 'sink2', type: 'debug', z: 'b', x: 300, y: 120, active: false, wires: [] }], rev)
    const after = await contents()
    assert.deepEqual(
      [...after.keys()].filter((file) => before.get(file) !== after.get(file)),
      ['load.json'],
    )
  })

  it('refuses a deploy over a file changed meanwhile, with a message for the editor, and leaves it as it is', async () => {
    const mine = (await readFile(at('load.json'), 'utf8')).replace('"Load"', '"Load (mine)"')
    await writeFile(at('load.json'), mine)
    const before = await contents()
    const { flows: now, rev } = await read()
    const response = await deploy(
      now.map((node) => (node.id === 'in' ? { ...node, repeat: '5' } : node)),
      rev,
    )
    assert.equal(response.status, 400)
    const { code, message } = (await response.json()) as { code: string; message: string }
    assert.equal(code, 'flows_changed_on_disk')
    assert.match(message, /load\.json was changed on disk since the flows were read; nothing was written/)
    assert.deepEqual(await contents(), before)
  })

  it('goes on after the files are loaded again', async () => {
    await fetch(address, { method: 'POST', headers: { ...version, 'Node-RED-Deployment-Type': 'reload' } })
    const { flows: now, rev } = await read()
    assert.equal(now.find(({ id }) => id === 'b')?.['label'], 'Load (mine)')
    await deployed(
      now.map((node) => (node.id === 'in' ? { ...node, repeat: '5' } : node)),
      rev,
    )
  })

  it('refuses to start on a malformed file, and names it', async () => {
    await stop()
    await writeFile(at('load.json'), '[\n  {,\n]')
    assert.match(String(await start()), /load\.json: not JSON at line 2, column 4/)
  })
})
