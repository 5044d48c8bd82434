import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, describe, it } from 'mocha'
import type { NodeAPI } from 'node-red'
import broker from '../../platform/broker/broker.ts'
import { functionNode, startFlow, type FlowNode, type TestFlow } from '../../platform/node/flow.fixture.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { startEmbeddedBroker } from '../../platform/runtime/embedded-broker.ts'
import postgresql from '../../platform/storage/postgresql.ts'
import { said, useAlarms } from './alarms.fixture.ts'
import notify from './notify.ts'
import type { NotificationDocument } from './notify/notification-document.ts'
import { notifyDefaults } from './notify/notify-config.ts'
import { TopicReader } from './notify/alarm-topics.fixture.ts'

const require = createRequire(import.meta.url)
/** What a user installs beside: the standard node for mails, with its own mail server for tests. */
const emailFile = require.resolve('node-red-node-email/61-email.js')
const emailNode = require(emailFile) as (RED: NodeAPI) => void
interface SmtpServer {
  listen(port: number, host: string, done: () => void): void
  close(done: () => void): void
  readonly server: { address(): AddressInfo }
}
const { SMTPServer } = createRequire(emailFile)('smtp-server') as {
  SMTPServer: new (options: object) => SmtpServer
}

const secret = 'a secret of 16 or more'

describe('notify', function () {
  this.timeout(60_000)
  const alarms = useAlarms()
  let flow: TestFlow | undefined
  let folder: string
  let server: Server | undefined
  before(() => (folder = mkdtempSync(join(tmpdir(), 'notify-'))))
  after(() => rmSync(folder, { recursive: true }))
  afterEach(async () => {
    await flow?.stop()
    flow = undefined
    for (const name of ['WEBHOOK_HOSTS', 'MQTT_URL', 'MQTT_DISPATCHER_USER', 'MQTT_DISPATCHER_PASSWORD', 'DATA_DIR'])
      delete process.env[name]
    server?.closeAllConnections()
    server?.close()
    server = undefined
  })

  const run = async (nodes: FlowNode[], credentials: Record<string, object> = {}): Promise<TestFlow> => {
    const { host, port, database, user, password } = alarms.login
    flow = await startFlow(
      [postgresql, broker, functionNode, emailNode, notify],
      [{ id: 'db', type: 'linhaviva-postgresql', host, port: String(port), database, user }, ...nodes],
      { db: { password }, ...credentials },
    )
    return flow
  }
  const notifyNode = (more: Record<string, unknown>, wires: string[][] = [['told'], []]): FlowNode[] => [
    { id: 'notify', type: 'linhaviva-notify', ...notifyDefaults, database: 'db', ...more, wires },
    { id: 'told', type: 'helper', wires: [] },
  ]
  const say = async (subject: string, more: Parameters<typeof said>[2] = {}): Promise<void> => {
    await alarms.keeper.take([said('stuck', subject, { at: (alarms.now += 1_000), ...more })])
  }
  /** The channel follows the log: what is said from now on it tells of. */
  const following = (nodeId = 'notify'): Promise<unknown> =>
    waitUntil('the channel', async () => {
      const rows = await alarms.database.query('select from consumer_cursor where consumer like $1', [`%${nodeId}`])
      return rows.length === 1
    })
  /** What became of what the channel told of a subject. */
  const settled = (subject: string, wanted: string): Promise<unknown> =>
    waitUntil(`${subject} to be ${wanted}`, async () => {
      const rows = await alarms.database.query<{ state: string }>(
        'select n.state from alarm_notification n join alarm a using (alarm_id) where a.subject = $1',
        [subject],
      )
      return rows.length === 1 && rows[0]!.state === wanted
    })
  /** Nobody has to wait for a pause to be over. */
  const pausesEnd = (): Promise<unknown> =>
    alarms.database.query(
      "update alarm_notification set due_at = to_timestamp(0) where state = 'waiting' and tries > 0",
    )

  describe('by webhook', () => {
    let received: { headers: IncomingHttpHeaders; body: string }[]
    let answers: number[]
    const receiver = async (): Promise<string> => {
      received = []
      answers = []
      server = createServer((request, response) => {
        let body = ''
        request.setEncoding('utf8').on('data', (part: string) => (body += part))
        request.on('end', () => {
          received.push({ headers: request.headers, body })
          response.writeHead(answers.shift() ?? 204).end()
        })
      })
      await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as AddressInfo
      process.env['WEBHOOK_HOSTS'] = `private:127.0.0.1:${port}`
      return `http://127.0.0.1:${port}/alarms`
    }

    it('sends what a receiver can verify', async () => {
      const url = await receiver()
      await run(notifyNode({ via: 'webhook', channel: 'hook', url, language: 'en-US' }), { notify: { secret } })
      await following()
      await say('w-1', { priority: 'high', text: { message: 'x', parameters: {} } })
      const [{ headers, body }] = (await waitUntil('a request', () => received.length > 0 && received)) as [
        (typeof received)[0],
      ]
      const [, seconds, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['linhaviva-signature']))!
      assert.equal(createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex'), signature)
      assert.ok(Math.abs(Date.now() / 1_000 - Number(seconds)) < 60)
      const document = JSON.parse(body) as NotificationDocument
      assert.deepEqual(
        [document.id, document.what, document.alarm!.key, document.alarm!.priority, document.alarm!.state],
        [headers['linhaviva-notification'], 'raised', 'test/stuck/w-1', 'high', 'B'],
      )
      assert.match(document.title, /^\[high\] Alarm: /)
      await settled('w-1', 'sent')
      const [told] = flow!.received('told')
      assert.equal((told!.payload as { confirmed: boolean }).confirmed, true)
    })

    it('sends the same again after a restart where nobody confirmed it, and says it is in vain to others', async () => {
      const url = await receiver()
      answers = [500, 302]
      await run(notifyNode({ via: 'webhook', channel: 'again', url, mostTries: 2 }), { notify: { secret } })
      await following()
      await say('w-2')
      await waitUntil('a failure', () => received.length === 1)
      await flow!.stop()
      await pausesEnd()
      await run(notifyNode({ via: 'webhook', channel: 'again', url, mostTries: 2 }), { notify: { secret } })
      await waitUntil('the second', () => received.length === 2)
      assert.equal(received[0]!.body, received[1]!.body)
      assert.deepEqual([received[1]!.headers['linhaviva-attempt']], ['2'])
      await waitUntil('why', async () => {
        const [row] = await alarms.database.query<{ error: string | null }>(
          "select last_error as error from alarm_notification where channel = 'again'",
        )
        return row!.error?.includes('302, a redirect, which is not followed')
      })
      // Its last try may still be under way: a pause that begins after it is over as well.
      const ending = setInterval(() => void pausesEnd(), 500)
      await settled('w-2', 'dead').finally(() => clearInterval(ending))
      await waitUntil('an alarm of its own', async () =>
        (await alarms.listing()).some(({ key, state }) => key === 'alarms/notification-failed/again' && state === 'B'),
      )
      await waitUntil('Catch', () =>
        flow!.errors().some((error) => error.includes('channel again does not get through')),
      )
    })

    for (const [fault, more, credentials] of [
      [
        /url names hooks\.example\.com:443, which WEBHOOK_HOSTS does not allow/,
        { url: 'https://hooks.example.com/' },
        { secret },
      ],
      [
        /url names 169\.254\.169\.254:80, which WEBHOOK_HOSTS does not allow/,
        { url: 'http://169.254.169.254/latest' },
        { secret },
      ],
      [/url is no address/, { url: 'nonsense' }, { secret }],
      [/secret is too short/, {}, { secret: 'short' }],
      [/channel is "": it takes letters/, { channel: '' }, { secret }],
      [/leastPriority is "urgent"/, { leastPriority: 'urgent' }, { secret }],
      [/most is 0: it takes a number from 1/, { most: 0 }, { secret }],
      [/feeders names "a b"/, { feeders: 'f-1, a b' }, { secret }],
      [/via is "fax"/, { via: 'fax' }, { secret }],
    ] as const)
      it(`says ${String(fault)}`, async () => {
        const url = await receiver()
        await run(notifyNode({ via: 'webhook', channel: 'bad', url, ...more }), { notify: credentials })
        await flow!.showed('notify', fault)
      })
  })

  describe('by the e-mail node', () => {
    let smtp: SmtpServer
    let mails: string[]
    let refuse: boolean
    before(async () => {
      mails = []
      refuse = false
      smtp = new SMTPServer({
        ...{ authOptional: true, disabledCommands: ['STARTTLS'] },
        onData(stream: NodeJS.ReadableStream, _session: object, done: (error?: Error) => void) {
          let mail = ''
          stream.on('data', (part: Buffer) => (mail += part.toString()))
          stream.on('end', () => {
            if (refuse) return done(Object.assign(new Error('try later'), { responseCode: 451 }))
            mails.push(mail)
            done()
          })
        },
      })
      await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve))
    })
    after(() => new Promise<void>((resolve) => smtp.close(resolve)))

    const mailFlow = (confirming: boolean): FlowNode[] => [
      ...notifyNode(
        { via: 'message', channel: 'mail', to: 'operation@example.com', confirmSeconds: 1, language: 'en-US' },
        [['told'], ['from']],
      ),
      // The e-mail node takes the sender from the message where it logs in as nobody.
      { id: 'from', type: 'function', func: "msg.from = 'lv@example.com'; return msg", outputs: 1, wires: [['mail']] },
      {
        ...{ id: 'mail', type: 'e-mail', name: '', server: '127.0.0.1', port: String(smtp.server.address().port) },
        ...{ secure: false, tls: false, authtype: 'NONE', wires: [] },
      },
      { id: 'done', type: 'complete', scope: confirming ? ['mail'] : [], wires: [['notify']] },
      { id: 'catch', type: 'catch', scope: ['mail'], wires: [['notify', 'caught']] },
    ]
    const of = (subject: string): string[] => mails.filter((mail) => mail.includes(`test/stuck/${subject}`))

    it('sends a mail, and takes what the complete node says for its confirmation', async () => {
      await run(mailFlow(true))
      await following()
      await say('e-1', { text: { message: 'a\r\nBcc: everybody@example.com <b>x</b>', parameters: {} } })
      await settled('e-1', 'sent')
      const [mail] = of('e-1')
      assert.match(mail!, /^To: operation@example\.com\r$/m)
      assert.match(mail!, /^Subject: .*a_Bcc=3A_everybody/m)
      assert.match(mail!, /^Message-ID: <[0-9a-f-]{36}@linha-viva>\r$/im)
      assert.doesNotMatch(mail!, /^Bcc:|text\/html/m)
    })

    it('tries again what the mail server refuses, as soon as Catch has told of it', async () => {
      refuse = true
      await run(mailFlow(true))
      await following()
      await say('e-2')
      await waitUntil('the refusal', async () => {
        const [row] = await alarms.database.query<{ error: string | null }>(
          `select last_error as error from alarm_notification n join alarm a using (alarm_id) where a.subject = 'e-2'`,
        )
        return /451|try later/.test(row?.error ?? '')
      })
      refuse = false
      await pausesEnd()
      await waitUntil('the mail', () => of('e-2').length === 1)
      await settled('e-2', 'sent')
    })

    it('sends again what nothing confirms, under the same id', async () => {
      await run(mailFlow(false))
      await following()
      await say('e-3')
      await waitUntil('the mail', () => of('e-3').length === 1)
      await pausesEnd()
      await waitUntil('the second', () => of('e-3').length === 2)
      const ids = of('e-3').map((mail) => /^Message-ID: (.*)\r$/im.exec(mail)![1])
      assert.equal(ids[0], ids[1])
      flow!.send('notify', { notificationId: /<(.*)@/.exec(ids[0]!)![1] })
      await settled('e-3', 'sent')
    })

    it('tells Catch of a confirmation of nothing that it sent', async () => {
      await run(mailFlow(true).filter(({ id }) => id !== 'catch'))
      await following()
      flow!.send('notify', { payload: 'x' })
      flow!.send('notify', { notificationId: '00000000-0000-4000-8000-000000000000' })
      await waitUntil('both', () => flow!.errors().length >= 2)
      assert.match(flow!.errors().join('\n'), /notificationId is undefined: it takes/)
      assert.match(flow!.errors().join('\n'), /notificationId is "0000.*waits for no such/)
    })
  })

  describe('by MQTT', () => {
    it('says the state of alarms as the dispatcher, also of those that stood before', async () => {
      const passwords = { linhaviva: 'l', dispatcher: 'd', flows: 'f', field: 'x' }
      const access = { passwords, devicesFile: join(folder, 'devices') }
      const server = await startEmbeddedBroker({ host: '127.0.0.1', port: 0, webSocketPort: 0, access })
      try {
        const url = `mqtt://127.0.0.1:${server.port}`
        Object.assign(process.env, { MQTT_URL: url, DATA_DIR: folder })
        Object.assign(process.env, { MQTT_DISPATCHER_USER: 'dispatcher', MQTT_DISPATCHER_PASSWORD: 'd' })
        await say('q-1')
        const mqtt = { id: 'broker', type: 'linhaviva-broker', url: '', user: 'linhaviva', protocol: '3.1.1' }
        await run([mqtt, ...notifyNode({ via: 'mqtt', broker: 'broker' })])
        const reader = await TopicReader.open(url, { username: 'field', password: 'x' })
        const { alarmId } = (await alarms.listing()).find(({ key }) => key === 'test/stuck/q-1')!
        await waitUntil('the topic', () => reader.of(alarmId)?.state === 'B')
        await alarms.act(alarmId, { type: 'take-out' })
        await waitUntil('the topic', () => reader.of(alarmId)?.state === 'I')
        await flow!.showed('notify', 'notify.status.topics')
        flow!.send('notify', { payload: 'x' })
        await waitUntil('Catch', () => flow!.errors().some((error) => error.includes('nothing comes in here')))
        await reader.close()
        await flow!.stop()
        flow = undefined
      } finally {
        await server.stop()
      }
    })
  })
})
