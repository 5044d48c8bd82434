import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { OpenApiDocument } from '../platform/http/document.fixture.ts'
import { faultsOfDocument } from '../platform/http/document.fixture.ts'
import { exercise, unknownPasswords } from '../platform/http/exercise.fixture.ts'
import { keysOf, signToken } from '../platform/access/token.ts'
import { installation } from '../platform/runtime/installation.ts'
import { startSystem, type RunningSystem } from './running-system.fixture.ts'
import { runProgram } from './supervised.fixture.ts'
import { logIn, usersEnv } from './users.fixture.ts'

/** Nobody is slowed down who tries everything. */
const generous = { REQUESTS_PER_MINUTE: '1000000', REQUESTS_PER_MINUTE_ANONYMOUS: '1000000' }

describe('the API of the running system', function () {
  this.timeout(600_000)
  let system: RunningSystem
  let document: OpenApiDocument

  before(async () => {
    system = await startSystem({ broker: 'embedded', env: { ...usersEnv, ...generous } })
    await importRegistry(system)
    document = (await (await fetch(`${system.nodeRed.url}/api/openapi.json`)).json()) as OpenApiDocument
  })
  after(async function () {
    if (this.currentTest?.state === 'failed') console.log(system?.lastLines())
    await system?.stop()
  })

  it('describes itself by the rules of OpenAPI', () => assert.deepEqual(faultsOfDocument(document), []))

  it('stands behind the guards: data may do nothing, its page only what pages may, and nobody learns what serves it', async () => {
    const headersOf = async (path: string) => (await fetch(system.nodeRed.url + path)).headers
    const health = await headersOf('/api/health')
    assert.equal(health.get('content-security-policy'), "default-src 'none'; frame-ancestors 'none'")
    assert.equal(health.get('cache-control'), 'no-store')
    assert.equal(health.get('x-powered-by'), null)
    assert.match((await headersOf('/api/docs')).get('content-security-policy')!, /(^|; )script-src 'self'(;|$)/)
    assert.equal((await headersOf('/api/openapi.json')).get('content-encoding'), 'gzip')
  })

  it('tells words of its health to whoever is not logged in', async () => {
    const response = await fetch(`${system.nodeRed.url}/api/health`)
    assert.deepEqual(Object.keys((await response.json()) as object), ['status', 'db', 'mqtt', 'influx'])
    assert.equal((await fetch(`${system.nodeRed.url}/metrics`)).status, 401)
  })

  it('answers every operation as described, whoever asks for whatever; never with a fault of its own', async () => {
    const { url } = system.nodeRed
    const { calls, count, faults } = await exercise({
      ...{ url, document, cannotSucceed: { ...unknownPasswords, ...notByExample }, withoutUnknownId },
      logIn: (role) => logIn(url, role),
      expiredToken: await expiredToken(),
      hostileEvery: Number(process.env.EXERCISE_HOSTILE_EVERY ?? 1),
    })
    console.log(`      ${count} calls of ${calls.size} operations: ${tally(calls)}`)
    assert.deepEqual(faults.slice(0, 40), [], `${faults.length} answers are not as described`)
    assert.ok(calls.size > 20 && count > 1_000, 'hardly anything was tried')
  })

  it('is well afterwards', async () => assert.equal((await system.nodeRed.healthy()).status, 'ok'))
})

/** What no example alone makes succeed. */
const notByExample: Readonly<Record<string, string>> = {
  retryAlarmNotification: 'no channel has told of anything yet',
  createRegisteredDevice: 'a der needs its type, which its schema cannot say',
  proposeApproval: 'what a kind of approval takes stands with the kind, not in the document',
  enterOutage: 'takes an element or units, which its schema cannot say',
  planInterruption: 'takes a window that lies ahead: examples do not know what time it is',
  estimateRestoration: 'takes an instant that lies ahead: examples do not know what time it is',
  signShiftHandover: 'takes the newest one, proposed by somebody else: examples do not know its number',
  importAlarmTable: 'takes the whole table, which is longer than an example',
  createMeterAssignment: 'there is no such meter in the registry of the examples',
}

const withoutUnknownId: Readonly<Record<string, string>> = {
  issueMqttCredential: 'a device gets its credential before it is heard of for the first time',
  putResponsibilityArea: 'it makes the area that nobody knew',
  deleteResponsibilityArea: 'the area that nobody knew has been made by then',
  revokeMqttCredential: 'whoever has no credential has none afterwards',
  putAlarmClass: 'a class is made where there is none',
  issueCommandKey: 'a device gets its key before it is heard of for the first time',
  putLocalHoliday: 'it enters the holiday that nobody knew',
  deleteLocalHoliday: 'the holiday that nobody knew has been entered by then',
  clearTrip: 'what nobody knows has not tripped: 409',
}

/** The registry that the examples of the document speak of. */
async function importRegistry({ database }: RunningSystem): Promise<void> {
  const { host, port, user, password, database: name } = database.running
  const login = { DB_HOST: host, DB_PORT: String(port), DB_USER: user, DB_PASSWORD: password, DB_NAME: name }
  const folder = join(installation, 'docs', 'registry')
  const { code, err } = await runProgram('network/registry-cli.js', ['import', folder], login)
  assert.equal(code, 0, err)
}

const expiredToken = (): Promise<string> => {
  const at = Date.now() - 3_600_000
  const claims = { username: 'admin', sessionId: crypto.randomUUID(), expiresAt: at + 60_000 }
  return signToken(keysOf(usersEnv.JWT_SECRET).token, claims, at)
}

/** How often each status came. */
function tally(calls: ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>): string {
  const statuses = [...calls.values()].flatMap((kinds) => [...kinds.values()].flat())
  const counts = Map.groupBy(
    statuses.toSorted((one, other) => one - other),
    (status) => status,
  )
  return [...counts].map(([status, all]) => `${status} ×${all.length}`).join(', ')
}
