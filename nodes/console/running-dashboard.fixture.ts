import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const widgetPackage = '@linhaviva/node-red-dashboard-2-linha-viva'
const dashboardPackage = '@flowfuse/node-red-dashboard'

/** The repository's root, from the source or from the compiled test. */
const root = ((): string => {
  let folder = import.meta.dirname
  while (!existsSync(join(folder, 'node_modules/node-red/red.js'))) folder = dirname(folder)
  return folder
})()

export interface RunningDashboard {
  url: string
  /** Sends a payload into the widget's input, as a wire would. Answers what Catch got, if anything. */
  send(payload: unknown): Promise<{ refused?: string }>
  stop(): Promise<void>
}

/** A real Node-RED with the shipped dashboard in a scratch userDir, fed over HTTP in place of the telemetry flow. */
export async function startDashboard(themeColors?: Record<string, string>): Promise<RunningDashboard> {
  const userDir = await mkdtemp(join(tmpdir(), 'linhaviva-console-'))
  await link(join(userDir, 'node_modules', widgetPackage), join(root, 'nodes/console'))
  await link(join(userDir, 'node_modules', dashboardPackage), join(root, 'node_modules', dashboardPackage))
  const dependencies = { [widgetPackage]: '*', [dashboardPackage]: '*' }
  await writeFile(join(userDir, 'package.json'), JSON.stringify({ name: 'scratch', private: true, dependencies }))
  await writeFile(join(userDir, 'flows.json'), JSON.stringify(await testFlow(themeColors)))
  await writeFile(join(userDir, 'settings.cjs'), settingsFile)

  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn(
    process.execPath,
    [
      join(root, 'node_modules/node-red/red.js'),
      '-u',
      userDir,
      '-s',
      join(userDir, 'settings.cjs'),
      '-p',
      String(port),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const log: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => log.push(chunk.toString()))
  try {
    await answering(`${url}/dashboard/_setup`, child, log)
  } catch (error) {
    await rm(userDir, { recursive: true, force: true })
    throw error
  }

  return {
    url,
    async send(payload) {
      const response = await fetch(`${url}/test/overview`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ payload }),
      })
      return (await response.json()) as { refused?: string }
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = new Promise((resolve) => child.once('exit', resolve))
        child.kill('SIGTERM')
        await ended
      }
      await rm(userDir, { recursive: true, force: true })
    },
  }
}

/** As strict a content-security policy as Dashboard itself bears: no inline or evaluated script, no other host. */
const settingsFile = `
const policy = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:"
module.exports = {
  uiHost: '127.0.0.1',
  httpAdminRoot: '/editor',
  httpNodeRoot: '/',
  flowFile: 'flows.json',
  credentialSecret: false,
  editorTheme: { palette: { catalogues: [] }, tours: false },
  telemetry: { enabled: false, updateNotification: false },
  dashboard: {
    middleware(_request, response, next) {
      response.setHeader('content-security-policy', policy)
      next()
    },
  },
}
`

interface FlowNode {
  id: string
  type: string
  colors?: Record<string, string>
}

/** The widget of the example, fed by an HTTP endpoint; what it refuses comes back through Catch. */
async function testFlow(themeColors?: Record<string, string>): Promise<object[]> {
  const example = JSON.parse(
    await readFile(join(root, 'nodes/console/examples/field-overview.json'), 'utf8'),
  ) as FlowNode[]
  const shipped = example.filter(({ type }) => type.startsWith('ui-') || type.startsWith('linhaviva-'))
  const theme = shipped.find(({ type }) => type === 'ui-theme')
  if (themeColors && theme) theme.colors = { ...theme.colors, ...themeColors }
  const z = 'lv-example-tab'
  const wired = (id: string, type: string, rest: object): object => ({
    id,
    type,
    z,
    x: 100,
    y: 100,
    wires: [],
    ...rest,
  })
  return [
    { id: z, type: 'tab', label: 'Test' },
    ...shipped,
    wired('t-in', 'http in', { url: '/test/overview', method: 'post', wires: [['t-open']] }),
    wired('t-open', 'function', { func: openBody, outputs: 2, wires: [['lv-field-overview'], ['t-out']] }),
    wired('t-catch', 'catch', { scope: ['lv-field-overview'], wires: [['t-refused']] }),
    wired('t-refused', 'function', { func: answerRefused, outputs: 1, wires: [['t-out']] }),
    wired('t-out', 'http response', {}),
  ]
}

/** Answers a little later than the widget hears, so that a refusal answers first. The fields beside are noise to be stripped. */
const openBody = `
const { res, payload } = msg
node.send([{ topic: 'overview', payload: payload.payload, token: 'not for browsers', enabled: false, res }, null])
setTimeout(() => { if (!res._res.headersSent) node.send([null, { res, payload: {} }]) }, 50)
`
const answerRefused = 'return { res: msg.res, payload: { refused: msg.error.message } }'

async function link(place: string, target: string): Promise<void> {
  await mkdir(dirname(place), { recursive: true })
  await symlink(target, place, 'junction')
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert(address && typeof address === 'object')
  await new Promise((resolve) => server.close(resolve))
  return address.port
}

async function answering(url: string, child: ChildProcess, log: string[]): Promise<void> {
  for (const deadline = Date.now() + 40_000; Date.now() < deadline; await sleep(150)) {
    if (child.exitCode !== null) break
    const response = await fetch(url).catch(() => undefined)
    if (response?.ok) return
  }
  child.kill('SIGKILL')
  throw new Error(`Node-RED did not answer at ${url}:\n${log.join('')}`)
}
